"""The coverage page in six reads, however many units and acts there are."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from assessments.coverage import Forecast, Partition, Roads, behind, forecast, partition
from assessments.enums import DeclarationState, ZoneStage
from assessments.models import DeclarationUnit, IntegrityZone, NamedUnit, ZonePredicate
from assessments.queries.handovers import heirs_of
from integrity_portal.core.partial_dates import PartialDate
from opd.enums import UnitKind
from opd.models import Government, Unit
from opd.queries.units import counted_units


@dataclass(frozen=True)
class Act:
    """A closed declaration or a registered decree; `fresh`: units that no earlier act reached."""

    kind: str
    pk: int
    title: str
    phase: str
    on: PartialDate
    units: int
    fresh: int
    total: int


@dataclass(frozen=True)
class KindRow:
    """The four add up to `counted`: named only, holders that are neither, and who waits."""

    kind: str
    label: str
    counted: int
    declared: int
    named: int
    holders: int
    waiting: int


@dataclass(frozen=True)
class PhaseRow:
    """Distinct counted units that the acts of one phase declared, and that they named."""

    label: str
    is_year: bool
    declared: int
    named: int


@dataclass(frozen=True)
class WaitingUnit:
    """A counted unit that has not declared; `why` says how near it is."""

    unit: Unit
    tone: str
    why: str


@dataclass(frozen=True)
class WaitingKind:
    """The undeclared units of one kind; `words`: (tone, sentence, how many), the most first."""

    label: str
    rows: list[WaitingUnit]

    @property
    def words(self) -> list[tuple[str, str, int]]:
        counted = Counter((row.tone, row.why) for row in self.rows)
        return [(tone, why, number) for (tone, why), number in counted.most_common()]

    @property
    def usual(self) -> str:
        """What is said of most of them, so that only the others need a word of their own."""
        return self.words[0][1]


@dataclass(frozen=True)
class Coverage:
    """`declared` and `named` overlap; committed = counted units that no act and no road has."""

    counted: int
    declared: int
    named: int
    on_the_road: int
    holders: int
    committed: int
    uncounted: int
    covered: int
    forecast: Forecast
    kinds: list[KindRow] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)
    phases: list[PhaseRow] = field(default_factory=list)
    waiting: list[WaitingUnit] = field(default_factory=list)
    # What the numbers were made of: counted units, their first declarations, heirs, open stages.
    units: dict[int, Unit] = field(default_factory=dict)
    first_days: dict[int, date] = field(default_factory=dict)
    heirs: dict[int, list[int]] = field(default_factory=dict)
    stages: dict[int, str] = field(default_factory=dict)

    @property
    def undeclared(self) -> int:
        return self.counted - self.declared

    @property
    def waiting_kinds(self) -> list[WaitingKind]:
        """The waiting units folded by kind, in the order of the chart."""
        groups = {row.kind: WaitingKind(row.label, []) for row in self.kinds}
        for row in self.waiting:
            groups[row.unit.kind].rows.append(row)
        return [group for group in groups.values() if group.rows]


@dataclass
class _Facts:
    units: dict[int, Unit]
    heirs: dict[int, list[int]]
    declared_rows: list[DeclarationUnit]
    pending: dict[int, str]
    named_rows: list[NamedUnit]

    def reached(self, unit_ids: Iterable[int]) -> set[int]:
        """The counted units behind these."""
        return behind(unit_ids, counted=self.units, heirs=self.heirs)


def coverage(government: Government, today: date) -> Coverage:
    """All numbers of the page; nothing is estimated but the forecast."""
    facts = _facts(government, today)
    acts, first_days = _acts(facts)
    declared = set(first_days)
    named = facts.reached(row.unit_id for row in facts.named_rows)
    holders = _holders(government, facts)
    stages = open_stages(government.pk, today)
    roads = roads_of(facts.units, declared | named | holders, stages.items())
    # A zone that went on without an act on record is on the road as well.
    parts = partition(facts.units, declared=declared, named=named, holders=holders | roads.begun)
    direct = {row.unit_id: row.unit for row in facts.declared_rows}
    lost = {pk for pk in direct if not behind([pk], counted=facts.units, heirs=facts.heirs)}
    # A unit below a counted one whose kind covers those below is counted through it.
    covered = {pk for pk in lost if facts.units.keys() & set(direct[pk].lineage)}
    return Coverage(
        counted=len(facts.units),
        declared=len(declared),
        named=len(named),
        on_the_road=len(roads.on_the_road),
        holders=len(holders),
        committed=len(parts.committed),
        uncounted=len(lost - covered),
        covered=len(covered),
        forecast=forecast(
            total=len(facts.units), first_days=list(first_days.values()), today=today
        ),
        kinds=_kinds(facts, parts),
        acts=acts,
        phases=_phases(facts),
        waiting=_waiting(facts, parts),
        units=facts.units,
        first_days=first_days,
        heirs=facts.heirs,
        stages=stages,
    )


def _facts(government: Government, today: date) -> _Facts:
    rows = DeclarationUnit.objects.filter(government=government).select_related(
        "declaration", "unit"
    )
    acts = list(rows.order_by("declaration__held_on", "declaration_id", "position"))
    closed = [row for row in acts if row.declaration.state == DeclarationState.CLOSED]
    words = {
        DeclarationState.DRAFT: _("stands in a draft declaration"),
        DeclarationState.OPEN: _("waits for signatures"),
    }
    named = NamedUnit.objects.filter(government=government).select_related("decree")
    return _Facts(
        units={unit.pk: unit for unit in counted_units(government.pk, on=today)},
        heirs=heirs_of(government.pk),
        declared_rows=closed,
        pending={
            row.unit_id: words[DeclarationState(row.declaration.state)]
            for row in sorted(acts, key=lambda row: row.declaration.state != "draft")
            if row.declaration.state in words
        },
        named_rows=list(named.order_by("decree__decided_on", "decree_id", "position")),
    )


def _acts(facts: _Facts) -> tuple[list[Act], dict[int, date]]:
    """Acts by day, and for every declared unit the day of its first declaration."""
    declarations: dict[int, list[DeclarationUnit]] = {}
    for row in facts.declared_rows:
        declarations.setdefault(row.declaration_id, []).append(row)
    decrees: dict[int, list[NamedUnit]] = {}
    for named in facts.named_rows:
        decrees.setdefault(named.decree_id, []).append(named)
    first: dict[int, date] = {}
    acts = []
    for rows in declarations.values():
        act = rows[0].declaration
        day = act.held_on or date.min
        found = facts.reached(row.unit_id for row in rows)
        fresh = found - set(first)
        first.update(dict.fromkeys(fresh, day))
        held = PartialDate(day, act.held_on_precision)
        acts.append(
            Act(
                "declaration", act.pk, act.title, act.phase, held, len(rows), len(fresh), len(first)
            )
        )
    seen: set[int] = set()
    for names in decrees.values():
        decree = names[0].decree
        fresh = facts.reached(row.unit_id for row in names) - seen
        seen |= fresh
        title = decree.title or decree.number
        acts.append(
            Act("decree", decree.pk, title, "", decree.decided, len(names), len(fresh), len(seen))
        )
    return sorted(acts, key=lambda act: act.on.date), first


def _holders(government: Government, facts: _Facts) -> set[int]:
    """Counted units that hold a predicate today."""
    held = ZonePredicate.objects.in_force().filter(government=government)
    return facts.reached(held.values_list("zone__unit_id", flat=True))


def open_stages(government_id: int, today: date) -> dict[int, str]:
    """unit → stage of its open zone, for units that still exist."""
    zones = IntegrityZone.objects.open_on(today).filter(government_id=government_id)
    return dict(zones.values_list("unit_id", "stage"))


def roads_of(
    counted: Collection[int], reached: Collection[int], stages: Iterable[tuple[int, str]]
) -> Roads:
    return Roads(counted, reached, dict(stages), ZoneStage.COMMITTED, ZoneStage.DECIDED)


def _phases(facts: _Facts) -> list[PhaseRow]:
    """By phase; acts without one stand under the year of their day. In the order of the acts."""
    first: dict[tuple[str, bool], date] = {}
    found: dict[tuple[str, bool], tuple[set[int], set[int]]] = {}

    def add(phase: str, day: date, unit_id: int, column: int) -> None:
        key = (phase, False) if phase else (str(day.year), True)
        first[key] = min(first.get(key, day), day)
        found.setdefault(key, (set(), set()))[column].update(facts.reached([unit_id]))

    for row in facts.declared_rows:
        act = row.declaration
        phase = str(act.phase_number or "") or act.phase_label
        add(phase, act.held_on or date.min, row.unit_id, 0)
    for named in facts.named_rows:
        add("", named.decree.decided_on, named.unit_id, 1)
    labels: dict[str, str] = {}
    for row in facts.declared_rows:
        act = row.declaration
        labels.setdefault(str(act.phase_number or "") or act.phase_label, act.phase)
    return [
        PhaseRow(key[0] if key[1] else labels[key[0]], key[1], *map(len, found[key]))
        for key in sorted(first, key=lambda key: (first[key], key))
    ]


def _kinds(facts: _Facts, parts: Partition) -> list[KindRow]:
    """The kind with the smallest share first."""
    all_, done, only_named, only_held, waiting = (
        Counter(facts.units[pk].kind for pk in rows)
        for rows in (
            facts.units,
            parts.declared,
            parts.named_only,
            parts.holders_only,
            parts.committed,
        )
    )
    rows = [
        KindRow(
            kind,
            str(label),
            all_[kind],
            done[kind],
            only_named[kind],
            only_held[kind],
            waiting[kind],
        )
        for kind, label in UnitKind.choices
        if all_[kind]
    ]
    return sorted(rows, key=lambda row: (row.declared / row.counted, -row.counted, row.label))


def _waiting(facts: _Facts, parts: Partition) -> list[WaitingUnit]:
    """Units in no act first, then those in drafts or waiting for signatures, then the named."""
    pending: dict[int, str] = {}
    for pk, word in facts.pending.items():
        pending.update(dict.fromkeys(facts.reached([pk]), word))
    rank = {kind.kind: number for number, kind in enumerate(_kinds(facts, parts))}
    rows = []
    for pk, unit in facts.units.items():
        if pk in parts.declared:
            continue
        if pk in parts.holders_only:
            waiting = WaitingUnit(
                unit, "good", _("holds a predicate, its declaration not recorded")
            )
        elif pk in parts.named_only:
            waiting = WaitingUnit(unit, "good", _("named to build, not yet declared"))
        elif pk in pending:
            waiting = WaitingUnit(unit, "warn", pending[pk])
        else:
            # A promise that is not due yet is no fault: no red word.
            waiting = WaitingUnit(unit, "info", _("committed, in no declaration yet"))
        rows.append(waiting)
    order = {"info": 0, "warn": 1, "good": 2}
    return sorted(rows, key=lambda w: (order[w.tone], rank[w.unit.kind], w.unit.name.casefold()))

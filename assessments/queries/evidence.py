"""Reads of evidence beside the questions of a work-sheet, scoped to the caller."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, FilteredRelation, OuterRef, Q
from django.utils.translation import gettext_lazy

from assessments.enums import UseVerdict, Validity, WorksheetState, judged_on, validity
from assessments.models import (
    Evidence,
    EvidenceExample,
    EvidenceFacts,
    EvidenceHealth,
    EvidenceRevision,
    EvidenceUse,
    Worksheet,
    WorksheetItem,
    ZoneHandover,
)
from assessments.models.evidence import EvidenceQuerySet
from integrity_portal.core.files import EVIDENCE, MEGABYTE, FileRule
from integrity_portal.core.models import StoredFile
from opd.models import Membership, Unit

KIND = "lke_evidence"
EXAMPLE_KIND = "lke_example"
# Scans of whole binders; they come in pieces where the line is bad.
LARGE = FileRule(EVIDENCE.types, 50 * MEGABYTE)
# A ZIP on its way to being unpacked; nothing keeps it.
ARCHIVE_KIND = "lke_archive"
ARCHIVE = FileRule(
    frozenset({"application/zip"}),
    200 * MEGABYTE,
    gettext_lazy("This is no ZIP that can be opened. Make it again, then send it."),
)
# Beside a question: so many examples and reasons, the newest.
FEW = 5
# So many proofs of a government are looked through for them, the newest.
MOST_USES = 1000


@dataclass(frozen=True)
class Proof:
    """A document at a question as it is shown there: with the revision that counts."""

    use: EvidenceUse
    revision: EvidenceRevision
    validity: Validity
    # A revision that came after the one that counts on a settled sheet.
    is_newer_there: bool

    # What the document says of itself here: on an approved sheet what was approved.
    facts: Evidence | EvidenceFacts

    @property
    def evidence(self) -> Evidence:
        return self.use.evidence

    @property
    def is_other_now(self) -> bool:
        """The document says something else of itself since the sheet was approved."""
        names = ("title", "number", "dated_on", "valid_from", "valid_until")
        now = self.use.evidence
        return any(getattr(self.facts, name) != getattr(now, name) for name in names)

    @property
    def has_smaller(self) -> bool:
        """A smaller copy of what stands here waits for somebody to choose."""
        copy = getattr(self.revision, "smaller", None)
        return copy is not None and copy.stored_id is not None and copy.decided_at is None

    @property
    def verdict(self) -> UseVerdict:
        return UseVerdict(self.use.verdict)

    @property
    def first_page(self) -> int:
        """The page at which the viewer opens; 0: the first."""
        found = re.search(r"\d{1,5}", self.use.pages)
        return int(found[0]) if found else 0

    @property
    def health(self) -> str:
        """Only what is wrong: changed or gone."""
        found = getattr(self.revision, "health", None)
        if found is None or found.result not in BAD_HEALTH:
            return ""
        return str(found.result)

    @property
    def health_word(self) -> str:
        return str(EvidenceHealth.Result(self.health).label) if self.health else ""

    @property
    def is_good(self) -> bool:
        """Nothing speaks against it; accepted or not looked at yet."""
        fine = self.validity in (Validity.OPEN, Validity.VALID, Validity.SOON)
        return fine and self.verdict != UseVerdict.RETURNED


BAD_HEALTH = frozenset({EvidenceHealth.Result.CHANGED, EvidenceHealth.Result.GONE})


def proofs_of(
    items: Iterable[WorksheetItem], sheet: Worksheet, today: date
) -> dict[int, list[Proof]]:
    """By item, oldest first; two queries for any number of questions."""
    keys = [item.pk for item in items]
    uses = list(
        EvidenceUse.objects.filter(item__in=keys)
        .select_related("evidence", "added_by", "verdict_by", "item", "approved_facts")
        .order_by("pk")
    )
    revisions = _revisions({use.evidence_id for use in uses})
    found: dict[int, list[Proof]] = defaultdict(list)
    for use in uses:
        found[use.item_id].append(_proof(use, revisions[use.evidence_id], sheet, today))
    return found


def _revisions(evidence: set[int]) -> dict[int, list[EvidenceRevision]]:
    """Newest first."""
    found: dict[int, list[EvidenceRevision]] = defaultdict(list)
    rows = EvidenceRevision.objects.filter(evidence__in=evidence).order_by("-number")
    for row in rows.select_related("stored", "health", "smaller"):
        found[row.evidence_id].append(row)
    return found


def _proof(
    use: EvidenceUse, revisions: list[EvidenceRevision], sheet: Worksheet, today: date
) -> Proof:
    is_approved = sheet.state == WorksheetState.APPROVED
    counts = revision_that_counts(use, is_approved) if is_approved else None
    shown = next((row for row in revisions if row.pk == counts), revisions[0])
    facts = facts_that_count(use, is_approved)
    word = validity(facts.valid_from, facts.valid_until, judged_on(sheet.year, today))
    return Proof(use, shown, word, shown.pk != revisions[0].pk, facts)


def revision_that_counts(use: EvidenceUse, is_approved: bool) -> int | None:
    """The key of what was approved, else of what was judged; None: the newest counts."""
    pinned = use.approved_revision_id if is_approved else None
    return pinned or use.verdict_revision_id


def facts_that_count(use: EvidenceUse, is_approved: bool) -> Evidence | EvidenceFacts:
    """What was approved, else what the document says now."""
    return (use.approved_facts if is_approved else None) or use.evidence


def use_of(sheet: Worksheet, pk: int) -> EvidenceUse | None:
    """Of a sheet that the caller may read."""
    rows = EvidenceUse.objects.filter(item__worksheet=sheet)
    joined = rows.select_related("evidence__unit", "added_by", "verdict_by", "approved_facts")
    return joined.select_related("item__worksheet__zone__unit").filter(pk=pk).first()


def proof_of(use: EvidenceUse, sheet: Worksheet, today: date) -> Proof:
    revisions = _revisions({use.evidence_id})
    return _proof(use, revisions[use.evidence_id], sheet, today)


def revision_of_use(use: EvidenceUse, pk: int) -> EvidenceRevision | None:
    return EvidenceRevision.objects.filter(evidence=use.evidence_id, pk=pk).first()


def item_of(sheet: Worksheet, code: str) -> WorksheetItem | None:
    return WorksheetItem.objects.filter(worksheet=sheet, code=code).first()


# --- documents of the unit ---


def reusable(sheet: Worksheet) -> EvidenceQuerySet:
    """The unit's own documents, and those on roads that its zone continues."""
    unit = sheet.zone.unit_id
    roads = ZoneHandover.objects.filter(heir=unit, successor__isnull=False).values("predecessor")
    taken_over = EvidenceUse.objects.filter(
        evidence=OuterRef("pk"), item__worksheet__zone__in=roads
    )
    rows = Evidence.objects.filter(government_id=sheet.government_id)
    return rows.filter(Q(unit=unit) | Exists(taken_over))


def newest_revision(evidence: Evidence) -> EvidenceRevision | None:
    rows = EvidenceRevision.objects.filter(evidence=evidence).select_related("stored")
    return rows.order_by("-number").first()


def same_content(unit: Unit, stored: StoredFile | None, url: str) -> Evidence | None:
    """The unit's document whose newest state is this very file or address."""
    newer = EvidenceRevision.objects.filter(
        evidence=OuterRef("evidence"), number__gt=OuterRef("number")
    )
    rows = EvidenceRevision.objects.filter(~Exists(newer), evidence__unit=unit)
    same = Q(stored__sha256=stored.sha256) if stored else Q(url=url, stored=None)
    found = rows.filter(same).select_related("evidence").order_by("pk").first()
    return found.evidence if found else None


def revision_for(membership: Membership, pk: int) -> EvidenceRevision | None:
    """A state of a document that this person finds in the register."""
    evidence = Evidence.objects.visible_to(membership)
    rows = EvidenceRevision.objects.filter(evidence__in=evidence)
    return rows.select_related("stored", "evidence__unit").filter(pk=pk).first()


# --- what passed elsewhere ---


@dataclass(frozen=True)
class Example:
    """A copy that its unit lets others see."""

    pk: int
    released_at: datetime
    size: int


@dataclass(frozen=True)
class Elsewhere:
    """At this question, in the whole government, without names."""

    examples: list[Example]
    reasons: list[str]


def elsewhere_at(codes: Iterable[str], sheet: Worksheet) -> dict[str, Elsewhere]:
    """By question: what passed at other units, and why they were returned; one query for all."""
    rows = (
        EvidenceUse.objects.filter(government_id=sheet.government_id, item__code__in=list(codes))
        .exclude(item__worksheet__zone__unit=sheet.zone.unit_id)
        .annotate(example=FilteredRelation("examples", condition=Q(examples__withdrawn_at=None)))
        .filter(Q(example__isnull=False) | ~Q(returned_note=""))
        .order_by("-pk")
        .values_list(
            "item__code",
            "verdict",
            "returned_note",
            "example__pk",
            "example__released_at",
            "example__stored__size",
        )
    )
    examples, reasons = defaultdict[str, list[Example]](list), defaultdict[str, list[str]](list)
    for code, verdict, note, *example in rows[:MOST_USES]:
        if example[0] is not None and verdict != UseVerdict.RETURNED:
            examples[code].append(Example(*example))
        if note and note not in reasons[code]:
            reasons[code].append(note)
    return {
        code: Elsewhere(
            sorted(examples[code], key=lambda row: row.pk, reverse=True)[:FEW],
            reasons[code][:FEW],
        )
        for code in {**examples, **reasons}
    }


def elsewhere(item: WorksheetItem, sheet: Worksheet) -> Elsewhere:
    return elsewhere_at([item.code], sheet).get(item.code, Elsewhere([], []))


def example_for(membership: Membership, pk: int) -> EvidenceExample | None:
    """Every office of the government but the ministry's reviewers, while it stands."""
    return (
        EvidenceExample.objects.filter(
            government_id=membership.government_id, pk=pk, withdrawn_at=None
        )
        .select_related("stored", "use__item__worksheet__zone__unit")
        .first()
    )


def standing_example(use: EvidenceUse) -> EvidenceExample | None:
    return use.examples.filter(withdrawn_at=None).select_related("stored").first()

"""Reads of evidence beside the questions of a work-sheet, scoped to the caller."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy

from assessments.enums import UseVerdict, Validity, WorksheetState, judged_on, validity
from assessments.models import (
    Evidence,
    EvidenceExample,
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


@dataclass(frozen=True)
class Proof:
    """A document at a question as it is shown there: with the revision that counts."""

    use: EvidenceUse
    revision: EvidenceRevision
    validity: Validity
    # A revision that came after the one that counts on a settled sheet.
    is_newer_there: bool

    @property
    def evidence(self) -> Evidence:
        return self.use.evidence

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
        .select_related("evidence", "added_by", "verdict_by", "item")
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
    for row in rows.select_related("stored", "health"):
        found[row.evidence_id].append(row)
    return found


def _proof(
    use: EvidenceUse, revisions: list[EvidenceRevision], sheet: Worksheet, today: date
) -> Proof:
    shown = revisions[0]
    if sheet.state == WorksheetState.APPROVED and use.verdict_revision_id is not None:
        shown = next(row for row in revisions if row.pk == use.verdict_revision_id)
    day = judged_on(sheet.year, today)
    word = validity(use.evidence.valid_from, use.evidence.valid_until, day)
    return Proof(use, shown, word, shown.pk != revisions[0].pk)


def use_of(sheet: Worksheet, pk: int) -> EvidenceUse | None:
    """Of a sheet that the caller may read."""
    rows = EvidenceUse.objects.filter(item__worksheet=sheet)
    joined = rows.select_related("evidence__unit", "added_by", "verdict_by")
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
class Elsewhere:
    """At this question, in the whole government, without names."""

    examples: list[EvidenceExample]
    reasons: list[str]


def elsewhere(item: WorksheetItem, unit_id: int) -> Elsewhere:
    """What passed, and why others were returned; two queries."""
    examples = (
        EvidenceExample.objects.filter(
            government_id=item.government_id, code=item.code, withdrawn_at=None
        )
        .exclude(use__verdict=UseVerdict.RETURNED)
        .select_related("stored")
        .order_by("-pk")[:FEW]
    )
    returned = (
        EvidenceUse.objects.filter(government_id=item.government_id, item__code=item.code)
        .exclude(returned_note="")
        .exclude(item__worksheet__zone__unit=unit_id)
        .order_by("-pk")
        .values_list("returned_note", flat=True)
    )
    return Elsewhere(list(examples), list(dict.fromkeys(returned[: 4 * FEW]))[:FEW])


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

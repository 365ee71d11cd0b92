"""Papers in which indicators stand: Renstra, Renja, performance agreements (PK), RKPD, LKjIP."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.editing import write
from assessments.enums import YEARLY_DOCUMENTS, PlanDocumentKind
from assessments.models import DocumentIndicator, Indicator, Plan, PlanDocument
from assessments.plan_keeping import held_plan
from integrity_portal.core import files, ledger
from integrity_portal.core.models import StoredFile
from opd.models import Membership, Unit
from opd.transitions import StepRefused


@dataclass(frozen=True)
class PaperTexts:
    """`year` only of yearly papers; `unit` None: of the whole government."""

    kind: PlanDocumentKind
    title: str
    unit: Unit | None = None
    year: int | None = None
    number: str = ""
    dated: date | None = None
    url: str = ""

    def columns(self) -> dict[str, Any]:
        rows = dict(vars(self))
        unit = rows.pop("unit")
        return {**rows, "unit_id": unit.pk if unit else None}


@transaction.atomic
def add_plan_paper(
    *,
    plan: Plan,
    texts: PaperTexts,
    indicators: Iterable[Indicator],
    form_key: UUID,
    by: Membership,
    stored: StoredFile | None = None,
) -> PlanDocument:
    """A second press of the same form finds the first one's. Raises StepRefused."""
    row = held_plan(plan, by)
    existing = PlanDocument.objects.filter(form_key=form_key, plan=row).first()
    if existing:
        return existing
    _refuse(row, texts)
    if stored is not None:
        files.keep(stored)
    paper = PlanDocument.objects.create(
        government_id=row.government_id,
        plan=row,
        form_key=form_key,
        stored=stored,
        is_sample=row.is_sample,
        **texts.columns(),
    )
    count = _list(paper, indicators)
    codes: dict[str, ledger.Code] = {"kind": texts.kind.value, "indicators": count}
    ledger.record("plan_paper.added", paper, by=by, codes=codes)
    return paper


@transaction.atomic
def edit_plan_paper(
    *,
    paper: PlanDocument,
    texts: PaperTexts,
    indicators: Iterable[Indicator],
    version: int,
    by: Membership,
    stored: StoredFile | None = None,
) -> PlanDocument:
    """A new file takes the place of the old one. Raises Conflict, StepRefused."""
    plan = held_plan(paper.plan, by)
    row = PlanDocument.objects.select_for_update(of=("self",), no_key=True).get(pk=paper.pk)
    _refuse(plan, texts)
    wanted = texts.columns()
    if stored is not None:
        files.keep(stored)
        wanted["stored_id"] = stored.pk
    changed = write(row, wanted, version)
    before = set(row.indicators.values_list("pk", flat=True))
    chosen = {each.pk for each in indicators}
    if chosen != before:
        DocumentIndicator.objects.filter(document=row).delete()
        _list(row, Indicator.objects.filter(pk__in=chosen))
    if changed or chosen != before:
        codes: dict[str, ledger.Code] = {"kind": row.kind, "indicators": len(chosen)}
        ledger.record("plan_paper.edited", row, by=by, codes=codes)
    return row


@transaction.atomic
def remove_plan_paper(*, paper: PlanDocument, by: Membership) -> None:
    """Its indicators stay; only the link goes."""
    held_plan(paper.plan, by)
    row = PlanDocument.objects.select_for_update(of=("self",)).get(pk=paper.pk)
    ledger.record("plan_paper.removed", row, by=by, codes={"kind": row.kind})
    DocumentIndicator.objects.filter(document=row).delete()
    row.delete()


def _refuse(plan: Plan, texts: PaperTexts) -> None:
    if texts.unit is not None and texts.unit.government_id != plan.government_id:
        raise StepRefused(_("Choose a unit of this government."))
    yearly = texts.kind in YEARLY_DOCUMENTS
    if yearly and (texts.year is None or texts.year not in plan.all_years):
        raise StepRefused(_("Choose a year of the plan, %(years)s.") % {"years": plan.years})
    if not yearly and texts.year is not None:
        raise StepRefused(_("This paper covers the whole plan; leave the year empty."))


def _list(paper: PlanDocument, indicators: Iterable[Indicator]) -> int:
    """Raises StepRefused for an indicator of another plan."""
    rows = list(indicators)
    foreign = Indicator.objects.filter(pk__in=[row.pk for row in rows]).exclude(
        node__plan_id=paper.plan_id
    )
    if foreign.exists():
        raise StepRefused(_("Choose indicators of this plan."))
    DocumentIndicator.objects.bulk_create(
        DocumentIndicator(government_id=paper.government_id, document=paper, indicator=row)
        for row in rows
    )
    return len(rows)

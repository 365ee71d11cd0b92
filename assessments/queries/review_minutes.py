"""What a berita acara says: areas and components with both scores, differences with reasons."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import translation

from assessments import scoring
from assessments.enums import Assessor, WorksheetState
from assessments.models import (
    Answer,
    ReviewMinutes,
    ReviewMinutesScan,
    Worksheet,
    WorksheetApproval,
)
from assessments.permissions import can_decide
from assessments.queries.tiers import tiers_of
from assessments.queries.worksheet_checks import changed_since
from assessments.queries.worksheets import given, scored
from assessments.review_tiers import tier_named
from integrity_portal.core.formatting import number_id
from opd.models import Membership

DOCUMENT_KIND = "assessments.review_minutes"


def newest_approval(sheet: Worksheet) -> WorksheetApproval | None:
    return sheet.approvals.order_by("-pk").first()


def minutes_of(membership: Membership, sheet: Worksheet) -> ReviewMinutes | None:
    """Of the approval that stands."""
    approval = newest_approval(sheet)
    rows = ReviewMinutes.objects.visible_to(membership).filter(approval=approval)
    joined = rows.select_related("approval", "unit_signatory__user", "tpi_signatory__user")
    return joined.prefetch_related("scans__stored", "scans__by__user").first()


def minutes_in_scope(membership: Membership, pk: int) -> ReviewMinutes | None:
    rows = ReviewMinutes.objects.visible_to(membership).filter(pk=pk)
    return rows.select_related("approval").first()


def scan_in_scope(membership: Membership, pk: int) -> ReviewMinutesScan | None:
    minutes = ReviewMinutes.objects.visible_to(membership)
    rows = ReviewMinutesScan.objects.filter(minutes__in=minutes, pk=pk)
    return rows.select_related("stored", "minutes__approval__worksheet").first()


def still_describes(minutes: ReviewMinutes, sheet: Worksheet) -> bool:
    """Whether the sheet stands as it was approved when this was made."""
    newest = newest_approval(sheet)
    is_newest = newest is not None and newest.pk == minutes.approval_id
    return is_newest and sheet.state == WorksheetState.APPROVED and not changed_since(sheet)


def side_that_signs(membership: Membership, sheet: Worksheet, today: date) -> str:
    """ "unit" for the head of the unit, "tpi" for the tiers that sign, empty for others."""
    if can_decide(membership, sheet.zone.unit):
        return "unit"
    return "tpi" if any(tier.signs for tier in tiers_of(membership, sheet, today)) else ""


def contents(sheet: Worksheet, approval: WorksheetApproval) -> dict[str, Any]:
    """Everything that is printed, in Indonesian, as texts."""
    with translation.override("id"):
        return _contents(sheet, approval)


def _contents(sheet: Worksheet, approval: WorksheetApproval) -> dict[str, Any]:
    instrument = sheet.instrument.instrument
    unit = scored(instrument, sheet, Assessor.UNIT)
    tpi = scored(instrument, sheet, Assessor.TPI)
    rows = [
        [code, str(instrument.titles[code]), *_numbers(unit.nodes[code], tpi.nodes[code])]
        for code, node in instrument.tree.nodes.items()
        if not node.questions
    ]
    found = scoring.verdict(instrument.tree, tpi, sheet.zone.target)
    unmet = found.unmet(instrument.default_reading)
    return {
        "unit": sheet.zone.unit.name,
        "year": sheet.year_text,
        "target": sheet.zone.get_target_display(),
        "instrument": str(instrument.regulation),
        "round": approval.round,
        "rows": rows,
        "total": _numbers(unit.total, tpi.total),
        "unmet": [str(instrument.gate_titles[row.gate.code]) for row in unmet],
        "differences": _differences(sheet),
        "way": _way(sheet),
        "approval": approval.sha256,
    }


def _numbers(unit: scoring.Scored, tpi: scoring.Scored) -> list[str]:
    """Weight, unit, TPI, difference."""
    values = (unit.weight, unit.value, tpi.value, tpi.value - unit.value)
    return [number_id(value, 2) for value in values]


def _differences(sheet: Worksheet) -> list[list[str]]:
    """Question, what the unit and the TPI answered, why."""
    questions = sheet.instrument.instrument.questions
    found: dict[int, dict[str, Answer]] = {}
    rows = Answer.objects.filter(item__worksheet=sheet, assessor__in=["unit", "tpi"])
    for row in rows.select_related("item").order_by("item__position"):
        found.setdefault(row.item_id, {})[row.assessor] = row
    differing = []
    for pair in found.values():
        if len(pair) < 2:
            continue
        unit, tpi = pair["unit"], pair["tpi"]
        asked = questions[tpi.item.code].asked
        values = [scoring.value_of(asked, given(row)).share or Decimal(0) for row in (unit, tpi)]
        if values[0] != values[1]:
            shares = [number_id(value, 2) for value in values]
            differing.append([tpi.item.code, *shares, tpi.reason])
    return differing


def _way(sheet: Worksheet) -> list[list[str]]:
    """Which tier did what, by office."""
    rows = sheet.steps.select_related("membership__user", "membership__unit").order_by("pk")
    said = {"submit": "Dikirim kepala unit", "pass_up": "Diteruskan", "approve": "Disetujui"}
    return [
        [
            said[row.name],
            str(tier.name) if (tier := tier_named(row.tier)) and row.name != "submit" else "",
            row.membership.printed_title if row.membership else "",
        ]
        for row in rows
        if row.name in said
    ]

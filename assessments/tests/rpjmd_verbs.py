"""What the tests of RPJMD verbs have in common: the ledger of a row, the texts of rows."""

from dataclasses import fields, replace
from datetime import date
from typing import Any

from assessments.actions.indicators import IndicatorTexts, edit_indicator
from assessments.actions.plan_nodes import NodeTexts, Owners, edit_node
from assessments.actions.plans import adopt_revision, open_revision
from assessments.enums import NodeLevel
from assessments.models import Indicator, Plan, PlanNode, PlanRevision
from assessments.tests.factories_rpjmd import NOW
from integrity_portal.core.models import LedgerEntry
from opd.models import Membership


def ledger_of(row: Any) -> list[str]:
    """Verbs about this row, in their order."""
    return [entry.verb for entry in entries_of(row)]


def entries_of(row: Any) -> list[LedgerEntry]:
    found = LedgerEntry.objects.filter(subject_type=row._meta.label_lower, subject_id=row.pk)
    return list(found.order_by("pk"))


def revise(plan: Plan, by: Membership, from_year: int = 2027) -> PlanRevision:
    """Opened, not adopted."""
    return open_revision(plan=plan, from_year=from_year, reason="Evaluasi", by=by)


def adopt(revision: PlanRevision, by: Membership) -> PlanRevision:
    return adopt_revision(
        revision=revision, basis="Perda 2/2026", on=date(2026, 7, 1), by=by, now=NOW
    )


def texts_of(row: Indicator, **changed: Any) -> IndicatorTexts:
    content = {each.name: getattr(row, each.name) for each in fields(IndicatorTexts)}
    return IndicatorTexts(**{**content, **changed})


def edit(row: Indicator, by: Membership, **changed: Any) -> Indicator:
    row = Indicator.objects.get(pk=row.pk)
    texts = texts_of(row, **changed)
    return edit_indicator(indicator=row, texts=texts, version=row.version, by=by, now=NOW)


def rename(
    node: PlanNode, by: Membership, owners: Owners | None = None, **changed: Any
) -> PlanNode:
    node = PlanNode.objects.get(pk=node.pk)
    texts = replace(NodeTexts(NodeLevel(node.level), node.code, node.name), **changed)
    units = [row.unit for row in node.owner_rows.all()]
    lead = next((row.unit for row in node.owner_rows.all() if row.is_lead), None)
    standing = owners or Owners(units, lead)
    return edit_node(node=node, texts=texts, owners=standing, version=node.version, by=by, now=NOW)

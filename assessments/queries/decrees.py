"""Reads of decrees."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Prefetch, QuerySet
from django.utils.translation import gettext as _

from assessments.models import DecreeCorrection, NamedUnit, NamingDecree
from integrity_portal.core.formatting import partial_date
from integrity_portal.core.partial_dates import PartialDate
from opd.models import Membership


def decree_list(membership: Membership) -> QuerySet[NamingDecree]:
    rows = NamingDecree.objects.visible_to(membership)
    return rows.annotate(unit_count=Count("units")).order_by("-decided_on", "-pk")


def decree_of(membership: Membership, pk: int) -> NamingDecree | None:
    units = NamedUnit.objects.select_related("unit").order_by("position")
    corrections = DecreeCorrection.objects.select_related("corrected_by", "former_scan").order_by(
        "-corrected_at", "-pk"
    )
    return (
        NamingDecree.objects.visible_to(membership)
        .select_related("scan")
        .prefetch_related(Prefetch("units", units), Prefetch("corrections", corrections))
        .filter(pk=pk)
        .first()
    )


@dataclass(frozen=True)
class ChangedLine:
    """One thing that was put right; `before` is empty where something was added."""

    label: str
    before: str
    after: str


def changed_lines(correction: DecreeCorrection) -> list[ChangedLine]:
    """In the order of the page."""
    changes = correction.changes
    labels = {"number": _("Number"), "decided": _("Date"), "title": _("About"), "scan": _("Scan")}
    lines = [
        ChangedLine(label, *(_said(name, value) for value in changes[name]))
        for name, label in labels.items()
        if name in changes
    ]
    lines += [ChangedLine(_("Unit added"), "", name) for _pk, name in changes.get("added", [])]
    lines += [ChangedLine(_("Unit removed"), name, "") for _pk, name in changes.get("removed", [])]
    return lines


def _said(name: str, value: Any) -> str:
    if name == "decided":
        return partial_date(PartialDate(date.fromisoformat(value[0]), value[1]))
    return str(value) or "–"

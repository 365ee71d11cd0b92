"""One kind of work on many complaints: the same actions, one by one, with a page that says each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_http_methods

from complaints.actions import desk_work, handling
from complaints.forms.answers import BulkForm
from complaints.forms.filters import FilterForm
from complaints.models import Complaint
from complaints.permissions import works_in_bulk
from complaints.queries import desk, units
from complaints.queries.desk import Filters
from complaints.workflow import COORDINATOR, UNIT
from integrity_portal.core.http import refuse
from opd.http import PortalRequest, screen
from opd.models import Membership
from opd.refusals import refusal_text
from opd.transitions import StepRefused

MOST = 200


@dataclass(frozen=True)
class Work:
    name: str
    label: Any
    run: Callable[..., Any]
    roles: frozenset[str]
    needs: tuple[str, ...] = ()


WORKS = {
    work.name: work
    for work in (
        Work(
            "verify",
            gettext_lazy("Pass on to a unit"),
            handling.verify_complaint,
            frozenset(COORDINATOR),
            ("unit", "sla_class", "note"),
        ),
        Work("take_on", gettext_lazy("Take on"), handling.take_on, frozenset(UNIT)),
        Work(
            "set_class",
            gettext_lazy("Change the class"),
            desk_work.set_class,
            frozenset(COORDINATOR),
            ("sla_class",),
        ),
        Work(
            "release",
            gettext_lazy("Release from quarantine"),
            desk_work.release,
            frozenset(COORDINATOR),
        ),
        Work(
            "reject",
            gettext_lazy("Do not take up"),
            handling.reject,
            frozenset(COORDINATOR),
            ("text",),
        ),
    )
}


@dataclass(frozen=True)
class Outcome:
    """`why` is empty when it was done."""

    complaint: Complaint
    why: str = ""


def asked_filters(asked: QueryDict, membership: Membership) -> tuple[FilterForm, Filters]:
    """The filters of the list's address."""
    form = FilterForm(
        {"state": desk.OPEN, **asked.dict()},
        units=desk.units_to_filter(membership),
        regions=desk.region_choices(membership),
    )
    return form, form.filters()


def works_for(membership: Membership) -> list[Work]:
    return [work for work in WORKS.values() if membership.role in work.roles]


@require_http_methods(["GET", "POST"])
@screen(works_in_bulk)
def bulk(request: PortalRequest) -> HttpResponse:
    asked = request.POST if request.method == "POST" else request.GET
    work = WORKS.get(asked.get("what", ""))
    chosen = desk.picked(request.membership, _keys(request, asked))
    if work is None or not chosen:
        return redirect("complaints:list")
    if request.membership.role not in work.roles:
        raise refuse(_("Your role does not include this step."))
    form = BulkForm(
        request.POST if request.method == "POST" else None,
        needs=work.needs,
        groups=units.unit_choices(request.membership.government_id, timezone.localdate()),
    )
    context = {"work": work, "chosen": chosen, "form": form, "breadcrumbs": _crumbs(work)}
    if request.method == "POST" and form.is_valid():
        outcomes = _run(request, work, chosen, form.cleaned_data)
        context["done"] = [row for row in outcomes if not row.why]
        context["refused"] = [row for row in outcomes if row.why]
        return render(request, "complaints/staff/bulk_done.html", context)
    return render(request, "complaints/staff/bulk.html", context)


def _keys(request: PortalRequest, asked: QueryDict) -> list[int]:
    """The ticked ones, or with `all` the first of the list that `list` is the address of."""
    if asked.get("all"):
        filters = asked_filters(QueryDict(asked.get("list", "")), request.membership)[1]
        rows = desk.complaints_for(request.membership, filters, timezone.localdate())
        return list(rows.values_list("pk", flat=True)[:MOST])
    texts = [text for text in asked.getlist("id") if text.isascii() and text.isdigit()]
    return [int(text) for text in texts if len(text) < 18][:MOST]


def _run(
    request: PortalRequest, work: Work, chosen: list[Complaint], values: dict[str, Any]
) -> list[Outcome]:
    """Each by itself: what is refused for one stops no other."""
    values = dict(values)
    if "unit" in values:
        key, today = int(values["unit"]), timezone.localdate()
        values["unit"] = units.active_unit(request.membership.government_id, key, today)
    outcomes = []
    for complaint in chosen:
        try:
            work.run(complaint=complaint, by=request.membership, now=timezone.now(), **values)
        except StepRefused as refused:
            outcomes.append(Outcome(complaint, refusal_text(refused)))
        else:
            outcomes.append(Outcome(complaint))
    return outcomes


def _crumbs(work: Work) -> list[dict[str, Any]]:
    return [
        {"label": _("Complaints"), "url": reverse("complaints:list")},
        {"label": work.label, "url": ""},
    ]

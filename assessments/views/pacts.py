"""Pakta integritas: counts of all units, one unit's people, one's own, paper, PDF."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.actions import pacts as actions
from assessments.forms.pacts import RecordPactsForm, SignPactForm, WithdrawPactForm
from assessments.pact_rules import first_year, wording_for
from assessments.pact_texts import text_in_force, text_of
from assessments.permissions import can_record_pacts, can_see_pacts
from assessments.queries import pacts as queries
from assessments.views.shared import crumbs, receive
from assessments.views.signing import freshly_proven
from integrity_portal.core.http import refuse, serve_file
from opd.http import PortalRequest, posted, screen
from opd.models import Unit
from opd.permissions import may_read_roster, may_write_roster, reads_rosters
from opd.queries.units import visible_unit
from opd.refusals import refusals_in, refusals_said

READ = require_http_methods(["GET", "HEAD", "POST"])
PER_PAGE = 100


def _year(request: PortalRequest, today: date) -> int:
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else today.year
    return min(max(year, first_year(today)), today.year)


def _years(today: date) -> range:
    return range(first_year(today), today.year + 1)


@screen(can_see_pacts)
@require_safe
def pacts(request: PortalRequest) -> HttpResponse:
    """Counts only: nobody is named here."""
    today = timezone.localdate()
    year = _year(request, today)
    context = {
        "overview": queries.overview(request.membership, year=year, today=today),
        "year": year,
        "years": _years(today),
        "reads_names": reads_rosters(request.membership),
    }
    return render(request, "assessments/pacts/overview.html", context)


@screen(reads_rosters)
@require_safe
def unit_pacts(request: PortalRequest, unit_id: int) -> HttpResponse:
    """Who has not signed, and who has."""
    unit = _unit_or_404(request, unit_id)
    if not may_read_roster(request.membership, unit):
        raise refuse(_("Names of employees are seen by the unit itself and the branch above it."))
    today = timezone.localdate()
    year = _year(request, today)
    page = Paginator(queries.signers(unit, year=year, today=today), PER_PAGE).get_page(
        request.GET.get("page")
    )
    rows = queries.as_signers(list(page))
    context = {
        "unit": unit,
        "year": year,
        "years": _years(today),
        "count": queries.unit_count(unit, year=year, today=today),
        "page_obj": page,
        "rows": queries.for_office(request.membership, unit, rows, today),
        "may_write": may_write_roster(request.membership, unit),
        "breadcrumbs": _trail((unit.label, "")),
    }
    return render(request, "assessments/pacts/unit.html", context)


def _sign_after_proof(request: PortalRequest) -> HttpResponse:
    today = timezone.localdate()
    text = text_in_force(wording_for(request.membership.role), today)
    form = SignPactForm(posted(request), initial={"text_sha256": text.sha256})
    if form.is_valid():
        with refusals_said(request):
            actions.sign_pact(
                by=request.membership,
                text_sha256=form.cleaned_data["text_sha256"],
                now=timezone.now(),
            )
            messages.success(request, _("You have signed. Thank you."))
        return redirect("assessments:my_pact")
    context = {
        "text": text,
        "form": form,
        "year": today.year,
        "breadcrumbs": _trail(
            (_("My pakta integritas"), reverse("assessments:my_pact")), (_("Sign"), "")
        ),
    }
    return render(request, "assessments/pacts/sign.html", context)


@screen(can_see_pacts)
@require_safe
def my_pact(request: PortalRequest) -> HttpResponse:
    """What one has signed this year, or the way to do it."""
    today = timezone.localdate()
    mine = queries.my_pact(request.membership, year=today.year, today=today)
    context = {
        "mine": mine,
        "year": today.year,
        "text": text_of(mine.pact.text_code, mine.pact.wording) if mine.pact else None,
        "breadcrumbs": _trail((_("My pakta integritas"), "")),
    }
    return render(request, "assessments/pacts/mine.html", context)


@screen(can_see_pacts)
@READ
def pact_sign(request: PortalRequest) -> HttpResponse:
    """The text and one button, after proving once more who one is."""
    today = timezone.localdate()
    mine = queries.my_pact(request.membership, year=today.year, today=today)
    if mine.post is None or mine.pact is not None:
        return redirect("assessments:my_pact")
    return freshly_proven(_sign_after_proof)(request)


@screen(can_record_pacts)
@READ
def pact_record(request: PortalRequest, unit_id: int) -> HttpResponse:
    """A signed list on paper: tick who stands on it."""
    unit = _unit_or_404(request, unit_id)
    _require_write(request, unit)
    today = timezone.localdate()
    year = _year(request, today)
    posts = list(queries.signers(unit, year=year, today=today, missing=True))
    form = RecordPactsForm(
        *((request.POST, request.FILES) if request.method == "POST" else ()),
        posts=posts,
        today=today,
        year=year,
    )
    known = request.method == "POST" and queries.batch_by_key_text(
        request.membership, request.POST.get("form_key", "")
    )
    if known or (form.is_bound and form.is_valid() and _recorded(request, unit, year, form)):
        messages.success(request, _("The signatures on paper are recorded."))
        return redirect(_unit_url(unit, year))
    context = {
        "unit": unit,
        "year": year,
        "form": form,
        "posts": posts,
        "heads": queries.heads_among(unit, posts, first=date(year, 1, 1), last=date(year, 12, 31)),
        "breadcrumbs": _trail((unit.label, _unit_url(unit, year)), (_("Signed on paper"), "")),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "assessments/pacts/record.html", context, status=status)


def _recorded(request: PortalRequest, unit: Unit, year: int, form: RecordPactsForm) -> bool:
    clean = form.cleaned_data
    with refusals_in(form, upload="scan"):
        scan = receive(request, clean["scan"], "pact")
        actions.record_pacts(
            by=request.membership,
            unit=unit,
            year=year,
            post_ids=sorted(form.ticked),
            heads=sorted(form.heads),
            signed_on=clean["signed_on"],
            scan=scan,
            form_key=clean["form_key"],
            now=timezone.now(),
        )
        return True
    return False


@screen(can_record_pacts)
@READ
def pact_withdraw(request: PortalRequest, pk: int) -> HttpResponse:
    today = timezone.localdate()
    pact = get_object_or_404(queries.pacts_in_scope(request.membership, today), pk=pk)
    if not queries.may_withdraw(request.membership, pact, today):
        raise refuse(queries.not_withdrawn(pact))
    units = queries.units_of(pact) + ([pact.batch.unit] if pact.batch else [])
    unit = next(unit for unit in units if may_write_roster(request.membership, unit))
    form = WithdrawPactForm(posted(request))
    back = _unit_url(unit, pact.year)
    if form.is_valid():
        with refusals_in(form):
            actions.withdraw_pact(
                by=request.membership,
                pact=pact,
                reason=form.cleaned_data["reason"],
                now=timezone.now(),
            )
            messages.success(request, _("The pact is withdrawn."))
            return redirect(back)
    heading = _("Withdraw a pact")
    context = {
        "form": form,
        "heading": heading,
        "back": back,
        "breadcrumbs": _trail((unit.label, back), (heading, "")),
    }
    return render(request, "assessments/form.html", context)


@screen(reads_rosters)
@require_safe
def pact_scan(request: PortalRequest, pk: int) -> HttpResponseBase:
    """The scanned list holds names: only for whom the roster's rule allows."""
    batch = queries.batch_of(request.membership, pk)
    if batch is None or not may_read_roster(request.membership, batch.unit):
        raise Http404
    return serve_file(batch.scan)


@screen(can_see_pacts)
@require_POST
def pact_pdf(request: PortalRequest, pk: int) -> HttpResponse:
    today = timezone.localdate()
    pact = get_object_or_404(queries.pacts_in_scope(request.membership, today), pk=pk)
    document = actions.request_pact_pdf(by=request.membership, pact=pact, now=timezone.now())
    return redirect("reports:document", document.pk)


@screen(reads_rosters)
@require_POST
def pact_list_pdf(request: PortalRequest, unit_id: int) -> HttpResponse:
    unit = _unit_or_404(request, unit_id)
    if not may_read_roster(request.membership, unit):
        raise refuse(_("Names of employees are seen by the unit itself and the branch above it."))
    document = actions.request_pact_list(
        by=request.membership,
        unit=unit,
        year=_year(request, timezone.localdate()),
        now=timezone.now(),
    )
    return redirect("reports:document", document.pk)


def _unit_or_404(request: PortalRequest, unit_id: int) -> Unit:
    unit = visible_unit(request.membership, unit_id)
    if unit is None:
        raise Http404
    return unit


def _require_write(request: PortalRequest, unit: Unit) -> None:
    if not may_write_roster(request.membership, unit):
        raise refuse(_("Your role does not include the employees of this unit."))


def _unit_url(unit: Unit, year: int) -> str:
    return f"{reverse('assessments:unit_pacts', args=[unit.pk])}?year={year}"


def _trail(*steps: tuple[Any, str]) -> list[dict[str, Any]]:
    return crumbs((_("Pakta integritas"), reverse("assessments:pacts")), *steps)

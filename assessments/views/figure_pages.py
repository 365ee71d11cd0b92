"""One figure: its value, what stood in the way, proof, history, and the planner's decision."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_noop
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.actions import measurements as actions
from assessments.editing import Conflict
from assessments.figure_words import figure_text, with_unit
from assessments.forms.figures import DecideForm, FigureForm, MessageForm
from assessments.forms.proofs import ReasonForm
from assessments.models import Indicator, Measurement
from assessments.permissions import (
    is_another_person,
    keeps_rpjmd,
    may_withdraw,
    measures,
    reads_plan_figures,
)
from assessments.queries import unit_figures as queries
from assessments.queries.performance import figure_of
from assessments.series import QUARTERS, WHOLE_YEAR
from assessments.views.editing import proof_of
from assessments.views.shared import crumbs
from integrity_portal.core.http import or_404, refuse, serve_file
from integrity_portal.core.models import StoredFile
from opd.http import PortalRequest, posted, screen
from opd.refusals import refusals_in, refusals_said
from opd.transitions import StepRefused

PAGE = "assessments:figure"
OTHER_FIGURE = gettext_noop(
    "This figure has changed since you opened the page. Look at it again, then decide."
)


@screen(reads_plan_figures)
@require_safe
def measurement(request: PortalRequest, pk: int) -> HttpResponse:
    """By the key of the row, for links from elsewhere."""
    row = or_404(queries.measurement_of(request.membership, pk))
    return redirect(figure_url(row))


def figure_url(row: Measurement) -> str:
    return reverse(PAGE, args=[row.indicator_id, row.year, row.quarter])


@screen(reads_plan_figures)
@require_http_methods(["GET", "HEAD", "POST"])
def figure(request: PortalRequest, pk: int, year: int, quarter: int) -> HttpResponse:
    indicator = _indicator(request, pk, year, quarter)
    found = _found(request, indicator, year, quarter)
    if posted(request) is None:
        return _page(request, indicator, found)
    if not found.writes:
        raise refuse(_("Only the responsible unit and the planners report this figure."))
    form, arrived = proof_of(request, queries.UPLOAD_KIND, FigureForm, indicator=indicator)
    assert isinstance(form, FigureForm)  # noqa: S101 - the shape that was asked for
    if not form.errors:
        try:
            row = _save(request, indicator, year, quarter, form, arrived or [])
        except actions.FigureRefused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        except Conflict as conflict:
            return page_of_conflict(request, indicator, conflict.current, form.realised(), form)
        except StepRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            _said_and_sent(request, row)
            return redirect(PAGE, pk=indicator.pk, year=year, quarter=quarter)
    return _page(request, indicator, found, form, status=422)


def _said_and_sent(request: PortalRequest, row: Measurement) -> None:
    """What was typed is saved; by the second button it goes to the planner as well."""
    if request.POST.get("do") != "send":
        messages.success(request, _("The figure is saved."))
        return
    if not row.says_something:
        messages.success(request, _("The figure is saved."))
        messages.error(request, _("Enter the realisation first; zero is a value."))
        return
    with refusals_said(request):
        actions.send_measurements(rows=[row], by=request.membership, now=timezone.now())
        messages.success(request, _("Saved and sent to the planner."))


def _indicator(request: PortalRequest, pk: int, year: int, quarter: int) -> Indicator:
    found = or_404(queries.indicator_of(request.membership, pk))
    if quarter not in (WHOLE_YEAR, *QUARTERS) or not 2000 <= year <= 2100:
        raise Http404
    return found


def _found(
    request: PortalRequest, indicator: Indicator, year: int, quarter: int
) -> queries.OneFigure:
    today = timezone.localdate()
    return queries.one_figure(request.membership, indicator, year, quarter, today)


def _save(
    request: PortalRequest,
    indicator: Indicator,
    year: int,
    quarter: int,
    form: FigureForm,
    files: list[StoredFile],
) -> Measurement:
    kept = actions.save_measurement(
        indicator=indicator,
        year=year,
        quarter=quarter,
        realised=form.realised(),
        version=form.cleaned_data["version"],
        by=request.membership,
        now=timezone.now(),
        files=files,
    )
    return kept.measurement


def _page(
    request: PortalRequest,
    indicator: Indicator,
    found: queries.OneFigure,
    form: FigureForm | None = None,
    *,
    decide: DecideForm | None = None,
    message: MessageForm | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    cell = found.cell
    row = cell.measurement
    planner = keeps_rpjmd(request.membership)
    version = {"version": row.version if row else 0}
    decides = planner and row is not None and row.state == "submitted"
    is_own = decides and row is not None and _is_own(request, row)
    unit = indicator.unit
    back = reverse("assessments:figures")
    if unit is not None:
        back = f"{reverse('assessments:figures_of_unit', args=[unit.pk])}?year={cell.year}"
    context: dict[str, Any] = {
        "indicator": indicator,
        "plan": indicator.node.plan,
        "found": found,
        "cell": cell,
        "row": row,
        "unit": unit,
        "form": form or (FigureForm.showing(indicator, row) if cell.is_open else None),
        "back": back,
        "decides": decides and not is_own,
        "is_own": is_own,
        "is_from_queue": _is_from_queue(request),
        "draft": draft_key(request, indicator.pk, cell.year, cell.quarter),
        "unlocks": planner and row is not None and row.state == "verified",
        "withdraws": row is not None
        and row.state == "submitted"
        and found.writes
        and may_withdraw(request.membership, row),
        "sends": cell.can_be_sent and found.writes and not cell.is_open,
        "decide_form": decide or DecideForm(initial=version, manual=found.needs_manual),
        "message_form": message or MessageForm(initial=version),
        "unlock_form": ReasonForm(submit=_("Unlock"), label=_("Why is it unlocked?")),
        "breadcrumbs": crumbs(
            (_("Indicators"), reverse("assessments:figures")),
            *([(unit.label, back)] if unit is not None else []),
            (period_words(cell.year, cell.quarter), ""),
        ),
        **more,
    }
    return render(request, "assessments/rpjmd/figures/one.html", context, status=status)


def _is_own(request: PortalRequest, row: Measurement) -> bool:
    """Nobody verifies what he sent himself."""
    return row.submitted_by is not None and not is_another_person(
        request.membership, row.submitted_by
    )


def cell_key(indicator_id: int, year: int, quarter: int) -> str:
    """In addresses of the page and keys of drafts."""
    return f"{indicator_id}-{year}-{quarter}"


def draft_key(request: PortalRequest, indicator_id: int, year: int, quarter: int) -> str:
    """Under which a browser keeps what this person typed and could not send."""
    return f"figure:{request.user.pk}:{cell_key(indicator_id, year, quarter)}"


def period_words(year: int, quarter: int) -> str:
    if not quarter:
        return str(year)
    return _("Quarter %(quarter)s of %(year)s") % {"quarter": quarter, "year": year}


def page_of_conflict(
    request: PortalRequest,
    indicator: Indicator,
    row: Measurement,
    typed: actions.Realised,
    form: FigureForm | None = None,
) -> HttpResponse:
    """Both figures beside each other; the typed one stays in the form, to be sent again."""
    found = _found(request, indicator, row.year, row.quarter)
    if form is None:
        form = FigureForm.showing(indicator, row)
        for name in ("value", "numerator", "denominator", "done_on"):
            if name in form.fields:
                form.initial[name] = getattr(typed, name)
    else:
        form.overwrite(version=row.version)
    mine = typed.columns(indicator)
    own = Measurement(**{name: mine[name] for name in actions.FIGURES[:4]})
    differing = {
        "saved": with_unit(indicator, figure_text(indicator, figure_of(row))),
        "typed": with_unit(indicator, figure_text(indicator, figure_of(own))),
        "by": row.entered_by.printed_title if row.entered_by_id else "",
    }
    return _page(request, indicator, found, form, differing=differing, status=409)


@screen(measures)
@require_POST
def figure_send(request: PortalRequest, pk: int) -> HttpResponse:
    row = or_404(queries.measurement_of(request.membership, pk))
    with refusals_said(request):
        sent = actions.send_measurements(rows=[row], by=request.membership, now=timezone.now())
        if sent:
            messages.success(request, _("Sent to the planner."))
    return redirect(figure_url(row))


@screen(measures)
@require_POST
def figure_withdraw(request: PortalRequest, pk: int) -> HttpResponse:
    row = or_404(queries.measurement_of(request.membership, pk))
    with refusals_said(request):
        actions.withdraw_measurement(measurement=row, by=request.membership, now=timezone.now())
        messages.success(request, _("Taken back; you can change it now."))
    return redirect(figure_url(row))


@screen(keeps_rpjmd)
@require_POST
def figure_verify(request: PortalRequest, pk: int) -> HttpResponse:
    row = or_404(queries.measurement_of(request.membership, pk))
    found = _found(request, row.indicator, row.year, row.quarter)
    form = DecideForm(request.POST, manual=found.needs_manual)
    if form.is_valid():
        try:
            with refusals_in(form):
                actions.verify_measurement(
                    measurement=row,
                    shown=form.cleaned_data["version"],
                    by=request.membership,
                    now=timezone.now(),
                    judged=form.judged(),
                )
                messages.success(request, _("Verified and locked."))
                return _next(request, row)
        except Conflict:
            messages.error(request, _(OTHER_FIGURE))
            return redirect(figure_url(row))
    return _page(request, row.indicator, found, decide=form, status=422)


@screen(keeps_rpjmd)
@require_POST
def figure_return(request: PortalRequest, pk: int) -> HttpResponse:
    row = or_404(queries.measurement_of(request.membership, pk))
    form = MessageForm(request.POST)
    if form.is_valid():
        try:
            with refusals_in(form):
                actions.return_measurement(
                    measurement=row,
                    shown=form.cleaned_data["version"],
                    message=form.cleaned_data["message"],
                    by=request.membership,
                    now=timezone.now(),
                )
                messages.success(request, _("Returned to the unit."))
                return _next(request, row)
        except Conflict:
            messages.error(request, _(OTHER_FIGURE))
            return redirect(figure_url(row))
    found = _found(request, row.indicator, row.year, row.quarter)
    return _page(request, row.indicator, found, message=form, status=422)


def _next(request: PortalRequest, row: Measurement) -> HttpResponse:
    """Back to the queue for whoever came from there."""
    return to_queue(request) if _is_from_queue(request) else redirect(figure_url(row))


def _is_from_queue(request: PortalRequest) -> bool:
    return request.POST.get("from") == "queue"


def to_queue(request: PortalRequest) -> HttpResponse:
    """As it was filtered; nothing stays ticked."""
    asked = QueryDict(request.POST.get("query", ""), mutable=True)
    asked.pop("all", None)
    back, url = asked.urlencode(), reverse("assessments:figures_queue")
    return redirect(f"{url}?{back}" if back else url)


def is_number(text: str, digits: int) -> bool:
    """Of an address or a form; `²` is a digit for Python, and no number."""
    return text.isascii() and text.isdigit() and len(text) <= digits


@screen(keeps_rpjmd)
@require_POST
def figure_unlock(request: PortalRequest, pk: int) -> HttpResponse:
    row = or_404(queries.measurement_of(request.membership, pk))
    form = ReasonForm(request.POST, submit=_("Unlock"), label=_("Why is it unlocked?"))
    if form.is_valid():
        with refusals_in(form):
            actions.unlock_measurement(
                measurement=row,
                reason=form.cleaned_data["reason"],
                by=request.membership,
                now=timezone.now(),
            )
            messages.success(request, _("Unlocked: the unit can change it now."))
            return redirect(figure_url(row))
    found = _found(request, row.indicator, row.year, row.quarter)
    return _page(request, row.indicator, found, unlock_form=form, status=422)


@screen(reads_plan_figures)
@require_safe
def figure_file(request: PortalRequest, pk: int) -> FileResponse:
    return serve_file(or_404(queries.measurement_file(request.membership, pk)).stored)

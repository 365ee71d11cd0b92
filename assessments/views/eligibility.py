"""Who may be proposed: all units by one set, target and year; one unit with every requirement."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments.actions import exceptions as actions
from assessments.eligibility import Outcome
from assessments.enums import Predicate
from assessments.forms.journey import DayForm, ExceptionForm, QuestionForm
from assessments.permissions import can_manage_acts, can_see_coverage
from assessments.queries import attempts, eligibility as queries
from assessments.queries.eligibility import Question, UnitStanding, said
from assessments.queries.zones import zone_of
from assessments.requirement_sets import RequirementSet, requirement_sets, set_in_force
from assessments.views.shared import crumbs
from integrity_portal.core.http import or_404, refuse
from opd.http import PortalRequest, posted, screen
from opd.models import Unit
from opd.queries.units import visible_unit
from opd.refusals import refusals_in
from opd.transitions import StepRefused

READ = require_http_methods(["GET", "HEAD", "POST"])
WORDS: dict[Outcome, tuple[Callable[[], str], str]] = {
    Outcome.ELIGIBLE: (lambda: _("All requirements met"), "good"),
    Outcome.MAY_PROCEED: (lambda: _("Not all met, may proceed"), "warn"),
    Outcome.NOT_YET: (lambda: _("Not yet"), "bad"),
}


@dataclass(frozen=True)
class Row:
    """One unit in the list."""

    unit: Unit
    word: str
    tone: str
    met: int
    total: int
    first: str


def question(request: PortalRequest, prefix: str = "") -> tuple[Question, QuestionForm]:
    """From the address; what it does not know is taken from the next chance to propose."""
    today = timezone.localdate()
    usual = attempts.next_question(
        request.GET.get("target", ""), today, request.membership.government_id
    )
    sets = requirement_sets()
    years = list(
        range(today.year + 1, min(rules.valid_from.year for rules in sets.values()) - 1, -1)
    )
    form = QuestionForm(
        request.GET or None,
        years=years,
        sets=[(code, str(rules.name)) for code, rules in sets.items()],
        initial={"target": Predicate.WBK, "year": usual.year, "rules": usual.rules.code},
    )
    target, year, code = (
        request.GET.get(f"{prefix}{name}", "") for name in ("target", "year", "rules")
    )
    rules = sets.get(code, usual.rules)
    chosen = int(year) if year.isdecimal() and int(year) in years else usual.year
    wanted = target if target in Predicate.values else Predicate.WBK
    on = attempts.last_day(request.membership.government_id, rules, chosen)
    return Question(rules, str(wanted), chosen, on), form


@screen(can_see_coverage)
@require_safe
def eligibility(request: PortalRequest) -> HttpResponse:
    asked, form = question(request)
    today = timezone.localdate()
    units = queries.units_to_judge(request.membership, today)
    found = queries.standings(request.government, units, asked)
    order = list(Outcome)
    found.sort(key=lambda row: (order.index(row.verdict.outcome), len(row.verdict.unmet)))
    page = Paginator(found, 25).get_page(request.GET.get("page"))
    counts = Counter(row.verdict.outcome for row in found)
    return render(
        request,
        "assessments/journey/eligibility.html",
        {
            "form": form,
            "asked": asked,
            "page_obj": page,
            "rows": [_row(each, asked) for each in page],
            "counts": [(WORDS[each][0](), WORDS[each][1], counts[each]) for each in Outcome],
            "query": request.GET.urlencode(),
            "breadcrumbs": crumbs(_programme(), (_("Eligibility"), "")),
        },
    )


def _programme() -> tuple[str, str]:
    return _("ZI programme"), reverse("assessments:programme")


def _row(standing: UnitStanding, asked: Question) -> Row:
    word, tone = WORDS[standing.verdict.outcome]
    findings, unmet = standing.verdict.findings, standing.verdict.unmet
    first = queries.sentence(said(unmet[0], asked.rules, asked.target)) if unmet else ""
    return Row(standing.unit, word(), tone, len(findings) - len(unmet), len(findings), first)


@screen(can_see_coverage)
@require_safe
def unit_eligibility(request: PortalRequest, unit_id: int) -> HttpResponse:
    unit = or_404(queries.unit_to_judge(request.membership, unit_id))
    return _unit_page(request, unit)


@screen(can_see_coverage)
@require_safe
def zone_eligibility(request: PortalRequest, zone_pk: int) -> HttpResponse:
    zone = or_404(zone_of(request.membership, zone_pk))
    query = request.GET.urlencode() or f"target={zone.target}"
    return redirect(f"{reverse('assessments:unit_eligibility', args=[zone.unit_id])}?{query}")


def _unit_page(request: PortalRequest, unit: Unit) -> HttpResponse:
    asked, form = question(request)
    [standing] = queries.standings(request.government, [unit], asked)
    word, tone = WORDS[standing.verdict.outcome]
    context: dict[str, Any] = {
        "unit": unit,
        "form": form,
        "asked": asked,
        "standing": standing,
        "word": word(),
        "tone": tone,
        "rows": _findings(standing, asked),
        "exceptions": list(queries.exceptions_of(unit)),
        "services": asked.rules.proceeding_services,
        "may_proceed_at_all": any(
            unit.kind in kinds for kinds in asked.rules.proceeding_kinds.values()
        ),
        "can_manage": can_manage_acts(request.membership),
        "breadcrumbs": crumbs(
            _programme(),
            (_("Eligibility"), reverse("assessments:eligibility")),
            (unit.label, ""),
        ),
    }
    if request.GET.get("against_year") or request.GET.get("against_rules"):
        context |= _against(request, unit, asked, standing)
    return render(request, "assessments/journey/unit_eligibility.html", context)


def _findings(standing: UnitStanding, asked: Question) -> list[queries.SaidFinding]:
    may_proceed = standing.exception is not None
    return [
        said(finding, asked.rules, asked.target, may_proceed=may_proceed)
        for finding in standing.verdict.findings
    ]


def _against(
    request: PortalRequest, unit: Unit, asked: Question, standing: UnitStanding
) -> dict[str, Any]:
    """The same unit by another year or set, and what differs."""
    other, _form = question(request, "against_")
    other = Question(other.rules, asked.target, other.year, other.on)
    [there] = queries.standings(request.government, [unit], other)
    before = {row.requirement.code: row for row in _findings(there, other)}
    now = {row.requirement.code: row for row in _findings(standing, asked)}
    codes = list(dict.fromkeys([*now, *before]))
    pairs = [(now.get(code), before.get(code)) for code in codes]
    word, tone = WORDS[there.verdict.outcome]
    return {
        "other": other,
        "other_word": word(),
        "other_tone": tone,
        "pairs": [(here, there_, _differs(here, there_)) for here, there_ in pairs],
    }


def _differs(here: queries.SaidFinding | None, there: queries.SaidFinding | None) -> bool:
    if here is None or there is None:
        return True
    return (here.state, here.value, here.least) != (there.state, there.value, there.least)


def _services_of(unit: Unit, rules: RequirementSet) -> list[tuple[str, str]]:
    """Those that let a unit of this kind proceed; without one there is no such page."""
    services = [
        (code, str(text))
        for code, text in rules.proceeding_services.items()
        if unit.kind in rules.proceeding_kinds[code]
    ]
    if not services:
        raise refuse(_("A unit of this kind runs none of the services that may proceed."))
    return services


@screen(can_manage_acts)
@READ
def exception_new(request: PortalRequest, unit_id: int) -> HttpResponse:
    unit = or_404(visible_unit(request.membership, unit_id))
    rules = set_in_force(timezone.localdate())
    services = _services_of(unit, rules)
    form = ExceptionForm(posted(request), services=services)
    here = reverse("assessments:unit_eligibility", args=[unit.pk])
    if form.is_valid():
        try:
            actions.record_exception(
                unit=unit,
                rule_set=rules.code,
                by=request.membership,
                now=timezone.now(),
                **form.cleaned_data,
            )
        except StepRefused as refusal:
            form.add_error("since" if "since" in str(refusal) else None, str(refusal))
        else:
            messages.success(request, _("Recorded: the unit may proceed. The requirements stay."))
            return redirect(here)
    heading = _("May proceed while requirements are unmet")
    return render(
        request,
        "assessments/form.html",
        {
            "form": form,
            "heading": heading,
            "lead": f"{unit.name} · {rules.proceeding_source}",
            "back": here,
            "breadcrumbs": crumbs(_programme(), (unit.label, here), (heading, "")),
        },
        status=422 if form.errors else 200,
    )


@screen(can_manage_acts)
@READ
def exception_end(request: PortalRequest, unit_id: int, pk: int) -> HttpResponse:
    unit = visible_unit(request.membership, unit_id)
    row = (
        next((each for each in queries.exceptions_of(unit) if each.pk == pk), None)
        if unit
        else None
    )
    if unit is None or row is None:
        raise Http404
    form = DayForm(
        posted(request),
        label=_("Last day on which it may proceed"),
        submit=_("End it"),
        initial={"day": timezone.localdate()},
    )
    here = reverse("assessments:unit_eligibility", args=[unit.pk])
    if form.is_valid():
        with refusals_in(form, "day"):
            actions.end_exception(
                exception=row,
                until=form.cleaned_data["day"],
                by=request.membership,
                now=timezone.now(),
            )
            messages.success(
                request, _("Ended: from the next day the unit is judged like any other.")
            )
            return redirect(here)
    heading = _("The unit no longer needs to proceed by exception")
    context = {
        "form": form,
        "heading": heading,
        "lead": unit.name,
        "back": here,
        "breadcrumbs": crumbs(_programme(), (unit.label, here), (heading, "")),
    }
    return render(request, "assessments/form.html", context, status=422 if form.errors else 200)

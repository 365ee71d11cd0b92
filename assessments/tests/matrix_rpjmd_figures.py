"""The doors of figures that units report, and of keeping a plan."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import uuid4

from assessments.actions.measurements import Realised, save_measurement
from assessments.actions.plan_papers import PaperTexts, add_plan_paper
from assessments.actions.plans import open_revision
from assessments.enums import MeasurementState, PlanDocumentKind
from assessments.models import Indicator, Measurement, Plan
from assessments.permissions import PLAN_WRITERS
from assessments.tests.factories import stored_pdf
from assessments.tests.factories_rpjmd import (
    NOW,
    YEAR,
    indicator_of,
    make_indicator,
    plan_in_force,
    planner,
    report,
    second_planner,
    sent,
    verified,
)
from opd.enums import Role
from opd.tests.doors import FORM, MEMBERS, Door
from opd.tests.fixtures import Cast

PLANNERS = frozenset({Role.PLANNER})
MEASURERS = PLANNERS | PLAN_WRITERS


def _plan(cast: Cast) -> Plan:
    return Plan.objects.filter(government=cast.home).first() or plan_in_force(cast)


def _own(cast: Cast) -> Indicator:
    return indicator_of(_plan(cast), "Warga dilayani")


def _others(cast: Cast) -> Indicator:
    return indicator_of(_plan(cast), "Persentase dua")


def _figure(pick: Callable[[Cast], Indicator], state: str) -> Callable[[Cast], Measurement]:
    def make(cast: Cast) -> Measurement:
        indicator = pick(cast)
        standing = indicator.measurements.filter(state=state).first()
        if standing:
            return standing
        taken = indicator.measurements.count()
        by, at = second_planner(cast), {"year": YEAR - taken // 4, "quarter": taken % 4 + 1}
        if at["year"] < YEAR:
            at["quarter"] = 1
        if state == MeasurementState.DRAFT:
            return report(indicator, 5, by=by, **at)
        if state == MeasurementState.SUBMITTED:
            return sent(indicator, 5, by=by, **at)
        return verified(indicator, 5, by=by, planner=planner(cast), **at)

    return make


def _at(pick: Callable[[Cast], Indicator]) -> Callable[[Cast], dict[str, Any]]:
    return lambda cast: {"pk": pick(cast).pk, "year": YEAR, "quarter": 1}


def _pk(make: Callable[[Cast], Any]) -> Callable[[Cast], dict[str, Any]]:
    return lambda cast: {"pk": make(cast).pk}


def _file(pick: Callable[[Cast], Indicator]) -> Callable[[Cast], dict[str, Any]]:
    def make(cast: Cast) -> dict[str, Any]:
        by = second_planner(cast)
        kept = save_measurement(
            indicator=pick(cast),
            year=YEAR,
            quarter=2,
            realised=Realised(value=Decimal(5)),
            version=0,
            by=by,
            now=NOW,
            files=[stored_pdf(by)],
        )
        return {"pk": kept.measurement.files.get().pk}

    return make


def value_door(name: str, state: str, allowed: frozenset[Role], **more: Any) -> Door:
    return Door(
        f"assessments:{name}",
        allowed=allowed,
        method="post",
        kwargs=_pk(_figure(_own, state)),
        elsewhere=_pk(_figure(_others, state)),
        **more,
    )


FIGURE_DOORS = [
    Door("assessments:figures", allowed=MEMBERS),
    Door(
        "assessments:figures_of_unit",
        allowed=MEMBERS,
        kwargs=lambda cast: {"pk": _own(cast).unit_id},
        elsewhere=lambda cast: {"pk": _others(cast).unit_id},
    ),
    Door(
        "assessments:figures_send",
        allowed=MEASURERS,
        method="post",
        kwargs=lambda cast: {"pk": _own(cast).unit_id},
        elsewhere=lambda cast: {"pk": _others(cast).unit_id},
        data={"year": str(YEAR), "quarter": "1"},
    ),
    Door("assessments:figures_queue", allowed=PLANNERS),
    Door("assessments:figures_verify", allowed=PLANNERS, method="post"),
    Door("assessments:figure", allowed=MEMBERS, kwargs=_at(_own), elsewhere=_at(_others)),
    Door(
        "assessments:figure_save",
        allowed=MEASURERS,
        method="post",
        kwargs=_at(_own),
        elsewhere=_at(_others),
        data={"version": "0", "value": "7"},
        answer=FORM,
    ),
    Door(
        "assessments:measurement",
        allowed=MEMBERS,
        kwargs=_pk(_figure(_own, "draft")),
        elsewhere=_pk(_figure(_others, "draft")),
        is_page=False,
    ),
    value_door("figure_send", "draft", MEASURERS),
    value_door("figure_withdraw", "submitted", MEASURERS, answer=frozenset({302, 403})),
    value_door("figure_verify", "submitted", PLANNERS, answer=FORM),
    value_door("figure_return", "submitted", PLANNERS, answer=FORM),
    value_door("figure_unlock", "verified", PLANNERS, answer=FORM),
    Door(
        "assessments:figure_file",
        allowed=MEMBERS,
        kwargs=_file(_own),
        elsewhere=_file(_others),
        is_page=False,
    ),
]


def _node(cast: Cast) -> dict[str, Any]:
    return {"pk": _own(cast).node_id}


def _fresh(cast: Cast) -> dict[str, Any]:
    return {"pk": make_indicator(_own(cast).node, by=planner(cast), name=f"Baru {uuid4()}").pk}


def _revision(cast: Cast) -> dict[str, Any]:
    plan = _plan(cast)
    standing = plan.revisions.filter(adopted_on=None).first()
    return {
        "pk": (
            standing or open_revision(plan=plan, from_year=2027, reason="Uji", by=planner(cast))
        ).pk
    }


def _paper(cast: Cast, *, with_file: bool = False) -> dict[str, Any]:
    paper = add_plan_paper(
        plan=_plan(cast),
        texts=PaperTexts(PlanDocumentKind.PK, "PK", unit=cast.unit, year=YEAR),
        indicators=[_own(cast)],
        form_key=uuid4(),
        by=planner(cast),
        stored=stored_pdf(planner(cast)) if with_file else None,
    )
    return {"pk": paper.pk}


def keeping(
    name: str, kwargs: Callable[[Cast], dict[str, Any]], *, post: bool = False
) -> list[Door]:
    methods = ("post",) if post else ("get", "post")
    return [
        Door(f"assessments:{name}", allowed=PLANNERS, kwargs=kwargs, method=method, answer=FORM)
        for method in methods
    ]


PLAN = _pk(_plan)
KEEPING_DOORS = [
    Door("assessments:rpjmd_keep", allowed=PLANNERS, kwargs=PLAN),
    *(
        Door("assessments:rpjmd_new", allowed=PLANNERS, method=method, answer=FORM)
        for method in ("get", "post")
    ),
    *keeping("rpjmd_edit", PLAN),
    *keeping("rpjmd_adopt", PLAN),
    Door(
        "assessments:rpjmd_step",
        allowed=PLANNERS,
        method="post",
        kwargs=lambda cast: {"pk": _plan(cast).pk, "name": "close"},
    ),
    *keeping("rpjmd_discard", PLAN, post=True),
    *keeping("revision_new", PLAN),
    *keeping("revision_adopt", _revision),
    *keeping("revision_discard", _revision, post=True),
    *keeping("node_new", PLAN),
    *keeping("node_edit", _node),
    *keeping("node_drop", _node, post=True),
    *keeping("node_budget", _node, post=True),
    *keeping("indicator_new", _node),
    *keeping("indicator_edit", _fresh),
    *keeping("indicator_drop", _fresh, post=True),
    *keeping("indicator_targets", _fresh),
    *keeping("plan_paper_new", PLAN),
    *keeping("plan_paper_edit", _paper),
    *keeping("plan_paper_remove", _paper, post=True),
    Door(
        "assessments:plan_paper_file",
        allowed=MEMBERS,
        kwargs=lambda cast: _paper(cast, with_file=True),
        is_page=False,
    ),
]

MATRIX = [*FIGURE_DOORS, *KEEPING_DOORS]

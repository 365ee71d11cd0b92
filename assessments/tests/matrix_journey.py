"""The doors of eligibility, proposals, attempts and predicates."""

import io
from datetime import date
from typing import Any

from django.utils import timezone

from assessments.enums import AttemptOutcome, ZoneStage
from assessments.models import PredicateCheck
from assessments.tests.factories import IntegrityZoneFactory
from assessments.tests.factories_journey import (
    AttemptFactory,
    ExceptionFactory,
    PredicateFactory,
    ProposalFactory,
)
from integrity_portal.core import files
from opd.enums import GOVERNMENT_ROLES, Role
from opd.tests.doors import EVERYBODY, FORM, MEMBERS, Door
from opd.tests.fixtures import Cast

CENTRAL = frozenset({*GOVERNMENT_ROLES, Role.ADMINISTRATOR})
BOSS = frozenset({Role.ZI_SECRETARIAT})
BUILDERS = frozenset({Role.ZI_SECRETARIAT, Role.OPD_HEAD})
WATCHERS = frozenset({Role.ZI_SECRETARIAT, Role.INSPECTORATE})


def unit(cast: Cast) -> dict[str, Any]:
    return {"unit_id": cast.unit.pk}


def other_unit(cast: Cast) -> dict[str, Any]:
    return {"unit_id": cast.other_unit.pk}


def exception(cast: Cast) -> dict[str, Any]:
    return {"unit_id": cast.unit.pk, "pk": ExceptionFactory(unit=cast.unit).pk}


def zone(cast: Cast) -> dict[str, Any]:
    return {"zone_pk": IntegrityZoneFactory(unit=cast.unit).pk}


def other_zone(cast: Cast) -> dict[str, Any]:
    return {"zone_pk": IntegrityZoneFactory(unit=cast.other_unit).pk}


def building(cast: Cast) -> dict[str, Any]:
    return {"pk": IntegrityZoneFactory(unit=cast.unit).pk}


def building_elsewhere(cast: Cast) -> dict[str, Any]:
    return {"pk": IntegrityZoneFactory(unit=cast.other_unit).pk}


def decided(cast: Cast) -> dict[str, Any]:
    return {"pk": IntegrityZoneFactory(unit=cast.unit, stage=ZoneStage.DECIDED).pk}


def decided_elsewhere(cast: Cast) -> dict[str, Any]:
    return {"pk": IntegrityZoneFactory(unit=cast.other_unit, stage=ZoneStage.DECIDED).pk}


def proposal(cast: Cast) -> dict[str, Any]:
    return {"pk": ProposalFactory(government=cast.home).pk}


def attempt(cast: Cast) -> dict[str, Any]:
    return {"pk": AttemptFactory(zone__unit=cast.unit).pk}


def other_attempt(cast: Cast) -> dict[str, Any]:
    return {"pk": AttemptFactory(zone__unit=cast.other_unit).pk}


def failed(cast: Cast) -> dict[str, Any]:
    row = AttemptFactory(
        zone__unit=cast.unit,
        zone__stage=ZoneStage.DECIDED,
        outcome=AttemptOutcome.NOT_AWARDED,
        decided_on=date(2026, 12, 1),
        reason="Survei di bawah batas",
    )
    return {"pk": row.pk}


def predicate(cast: Cast) -> dict[str, Any]:
    return {"pk": PredicateFactory(zone__unit=cast.unit).pk}


def other_predicate(cast: Cast) -> dict[str, Any]:
    return {"pk": PredicateFactory(zone__unit=cast.other_unit).pk}


def checked(cast: Cast) -> dict[str, Any]:
    proof = files.store_made(
        io.BytesIO(b"%PDF-1.7"), size=8, name="a.pdf", kind="predicate", government_id=cast.home.pk
    )
    row = PredicateFactory(zone__unit=cast.unit)
    check = PredicateCheck.objects.create(
        government=cast.home,
        predicate=row,
        checked_on=date(2026, 11, 1),
        checklist="monitoring-2026",
        answers={"no_case": "good"},
        proof=proof,
        recorded_at=timezone.now(),
    )
    return {"pk": row.pk, "check": check.pk}


JOURNEY_DOORS = [
    Door("assessments:eligibility", allowed=MEMBERS),
    Door("assessments:unit_eligibility", allowed=MEMBERS, kwargs=unit, elsewhere=other_unit),
    Door(
        "assessments:zone_eligibility",
        allowed=MEMBERS,
        kwargs=zone,
        elsewhere=other_zone,
        is_page=False,
    ),
    *(
        Door(f"assessments:{name}", allowed=BOSS, kwargs=kwargs, method=method, answer=FORM)
        for name, kwargs in (
            ("exception_new", unit),
            ("exception_end", exception),
            ("proposal_new", None),
            ("proposal_candidates", proposal),
            ("attempt_correct", failed),
            ("predicate_revoke", predicate),
            ("predicate_strike", predicate),
        )
        for method in ("get", "post")
    ),
    *(
        Door(f"assessments:{name}", allowed=WATCHERS, kwargs=predicate, method=method, answer=FORM)
        for name in ("predicate_watch", "predicate_clear", "predicate_check")
        for method in ("get", "post")
    ),
    Door("assessments:proposals", allowed=CENTRAL),
    Door("assessments:proposal", allowed=CENTRAL, kwargs=proposal),
    *(
        Door(f"assessments:{name}", allowed=BOSS, kwargs=kwargs, method="post", answer=FORM)
        for name, kwargs in (
            ("proposal_send", proposal),
            ("proposal_discard", proposal),
            ("attempt_review", attempt),
            ("attempt_decide", attempt),
        )
    ),
    Door("assessments:attempt", allowed=EVERYBODY, kwargs=attempt, elsewhere=other_attempt),
    Door("assessments:predicates", allowed=EVERYBODY),
    Door("assessments:predicate", allowed=EVERYBODY, kwargs=predicate, elsewhere=other_predicate),
    Door("assessments:predicate_file", allowed=EVERYBODY, kwargs=checked, is_page=False),
    Door(
        "assessments:zone_build_again",
        allowed=BUILDERS,
        kwargs=decided,
        elsewhere=decided_elsewhere,
        method="post",
    ),
    *(
        Door(
            "assessments:zone_since",
            allowed=BOSS,
            kwargs=building,
            elsewhere=building_elsewhere,
            method=method,
            answer=FORM,
        )
        for method in ("get", "post")
    ),
    *(
        Door(
            "assessments:zone_wbbm",
            allowed=BUILDERS,
            kwargs=decided,
            elsewhere=decided_elsewhere,
            method=method,
            answer=FORM,
        )
        for method in ("get", "post")
    ),
]

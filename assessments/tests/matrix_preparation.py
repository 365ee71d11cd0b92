"""The doors of preparation, phases and choosing pilots."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from assessments.demo.workplans import small_pdf
from assessments.models import PilotCandidate, PilotRound
from assessments.permissions import (
    PILOT_READERS,
    PILOT_SCORERS,
    PREPARATION_READERS,
    PREPARATION_WRITERS,
)
from assessments.queries.preparation import UPLOAD_KIND
from assessments.tests.factories_preparation import (
    PilotCandidateFactory,
    PilotRoundFactory,
    PreparationAnswerFactory,
    count_dinas,
    score,
)
from integrity_portal.core.files import EVIDENCE, receive
from opd.enums import Role
from opd.models import Unit
from opd.tests.doors import MEMBERS, Door
from opd.tests.fixtures import Cast

SECRETARIAT = frozenset({Role.ZI_SECRETARIAT})


def unit_page(name: str, allowed: frozenset[Role], **more: Any) -> Door:
    return Door(
        f"assessments:{name}",
        allowed=allowed,
        kwargs=lambda cast: {"unit_id": counted(cast).pk, **more},
        elsewhere=lambda cast: {"unit_id": cast.other_unit.pk, **more},
    )


def counted(cast: Cast) -> Unit:
    count_dinas(cast.home)
    return cast.unit


def proof(unit: Unit) -> dict[str, Any]:
    stored = receive(
        SimpleUploadedFile("bukti.pdf", small_pdf(["bukti"])),
        rule=EVIDENCE,
        kind=UPLOAD_KIND,
        government_id=unit.government_id,
        by_user_id=None,
    )
    answer = unit.preparation.filter(step="team").first()
    if answer is None:
        answer = PreparationAnswerFactory(unit=unit, proof=stored)
    return {"pk": answer.changes.get().pk}


def round_(cast: Cast) -> PilotRound:
    return candidate(cast).round


def candidate(cast: Cast) -> PilotCandidate:
    found = PilotCandidate.objects.filter(unit=cast.unit, round__state="open").first()
    if found is None:
        found = PilotCandidateFactory(round=PilotRoundFactory(government=cast.home), unit=cast.unit)
        score(found, "545333545543")
    return found


def decided(cast: Cast) -> PilotRound:
    from assessments.tests.pilot_pages import decide

    row = PilotRound.objects.filter(government=cast.home, state="decided").first()
    return row or decide(round_(cast), cast[Role.ZI_SECRETARIAT])


def pilot_door(name: str, allowed: frozenset[Role], method: str = "get", **more: Any) -> Door:
    return Door(
        f"assessments:{name}",
        allowed=allowed,
        method=method,
        kwargs=lambda cast: {"pk": round_(cast).pk, **more},
    )


MATRIX = [
    Door("assessments:preparation", allowed=PREPARATION_READERS),
    Door("assessments:preparation_csv", allowed=PREPARATION_READERS, is_page=False),
    unit_page("preparation_unit", PREPARATION_READERS),
    unit_page("preparation_step", PREPARATION_WRITERS, step="team"),
    Door(
        "assessments:preparation_proof",
        allowed=PREPARATION_READERS,
        kwargs=lambda cast: proof(cast.unit),
        elsewhere=lambda cast: proof(cast.other_unit),
        is_page=False,
    ),
    Door("assessments:phases", allowed=MEMBERS),
    # Let in, and told that nothing was ticked.
    Door("assessments:phases_move", allowed=SECRETARIAT, method="post", answer={422}),
    Door("assessments:pilots", allowed=PILOT_READERS),
    Door("assessments:pilot_new", allowed=SECRETARIAT),
    pilot_door("pilot", PILOT_READERS),
    pilot_door("pilot_factor", PILOT_SCORERS, factor="money"),
    Door(
        "assessments:pilot_unit",
        allowed=PILOT_SCORERS,
        kwargs=lambda cast: {"pk": candidate(cast).round_id, "unit_id": cast.unit.pk},
    ),
    pilot_door("pilot_decide", SECRETARIAT),
    Door(
        "assessments:pilot_correct",
        allowed=SECRETARIAT,
        kwargs=lambda cast: {"pk": decided(cast).pk},
    ),
    pilot_door("pilot_discard", SECRETARIAT, "post"),
]

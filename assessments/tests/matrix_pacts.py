"""The doors of the pakta integritas."""

from typing import Any

from opd.enums import Role
from opd.tests.doors import MEMBERS, Door, form_doors
from opd.tests.fixtures import Cast
from opd.tests.matrix_employees import READERS, WRITERS
from opd.tests.matrix_units import another_unit, unit


def pact(cast: Cast) -> dict[str, Any]:
    from assessments.tests.factories_pacts import IntegrityPactFactory

    return {"pk": IntegrityPactFactory(works_in=cast.unit, recorded_by=cast[Role.OPD_OPERATOR]).pk}


def pact_elsewhere(cast: Cast) -> dict[str, Any]:
    from assessments.tests.factories_pacts import IntegrityPactFactory

    return {
        "pk": IntegrityPactFactory(works_in=cast.other_unit, recorded_by=cast[Role.OPD_OPERATOR]).pk
    }


def on_paper(unit_name: str) -> Any:
    def make(cast: Cast) -> dict[str, Any]:
        from assessments.tests.factories_pacts import IntegrityPactFactory, PactBatchFactory

        place, by = getattr(cast, unit_name), cast[Role.OPD_OPERATOR]
        batch = PactBatchFactory(unit=place, recorded_by=by)
        row = IntegrityPactFactory(works_in=place, batch=batch, method="wet", recorded_by=by)
        return {"pk": row.pk}

    return make


def scan(unit_name: str) -> Any:
    def make(cast: Cast) -> dict[str, Any]:
        from assessments.tests.factories_pacts import PactBatchFactory

        place = getattr(cast, unit_name)
        return {"pk": PactBatchFactory(unit=place, recorded_by=cast[Role.OPD_OPERATOR]).pk}

    return make


PACTS = [
    Door("assessments:pacts", allowed=MEMBERS),
    Door("assessments:my_pact", allowed=MEMBERS),
    Door("assessments:pact_sign", allowed=MEMBERS, is_page=False),
    Door("assessments:unit_pacts", allowed=READERS, kwargs=unit, elsewhere=another_unit),
    Door(
        "assessments:pact_list_pdf",
        allowed=READERS,
        kwargs=unit,
        elsewhere=another_unit,
        method="post",
    ),
    *form_doors(
        "assessments",
        WRITERS,
        ("pact_record", unit, another_unit),
        ("pact_withdraw", on_paper("unit"), on_paper("other_unit")),
    ),
    # Who sees no names finds no pact but his own.
    Door(
        "assessments:pact_pdf",
        allowed=READERS,
        unseen=MEMBERS - READERS,
        kwargs=pact,
        elsewhere=pact_elsewhere,
        method="post",
    ),
    Door(
        "assessments:pact_scan",
        allowed=READERS,
        kwargs=scan("unit"),
        elsewhere=scan("other_unit"),
        is_page=False,
    ),
]

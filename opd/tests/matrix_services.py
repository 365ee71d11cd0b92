"""The doors of services and innovations."""

from typing import Any

from opd.enums import Role
from opd.tests.doors import Door
from opd.tests.fixtures import Cast
from opd.tests.matrix_units import FORM, MEMBERS, another_unit, unit

WRITERS = frozenset({Role.ADMINISTRATOR, Role.ZI_SECRETARIAT, Role.OPD_HEAD, Role.OPD_OPERATOR})
YEAR = 2025


def service(cast: Cast) -> dict[str, Any]:
    from opd.tests.factories import ServiceFactory

    return {"service_id": ServiceFactory(unit=cast.unit).pk}


def service_elsewhere(cast: Cast) -> dict[str, Any]:
    from opd.tests.factories import ServiceFactory

    return {"service_id": ServiceFactory(unit=cast.other_unit).pk}


def move(cast: Cast) -> dict[str, Any]:
    from opd.tests.factories_services import ChannelMoveFactory

    row = ChannelMoveFactory(service__unit=cast.unit)
    return {"service_id": row.service_id, "move_id": row.pk}


def move_elsewhere(cast: Cast) -> dict[str, Any]:
    from opd.tests.factories_services import ChannelMoveFactory

    row = ChannelMoveFactory(service__unit=cast.other_unit)
    return {"service_id": row.service_id, "move_id": row.pk}


def year_of_unit(cast: Cast) -> dict[str, Any]:
    return {"unit_id": cast.unit.pk, "year": YEAR}


def year_of_another(cast: Cast) -> dict[str, Any]:
    return {"unit_id": cast.other_unit.pk, "year": YEAR}


SERVICES = [
    Door("opd:service_overview", allowed=MEMBERS),
    Door("opd:unit_services", allowed=MEMBERS, kwargs=unit, elsewhere=another_unit),
    Door("opd:service", allowed=MEMBERS, kwargs=service, elsewhere=service_elsewhere),
    *(
        Door(
            f"opd:{name}",
            allowed=WRITERS,
            kwargs=kwargs,
            elsewhere=elsewhere,
            method=method,
            answer=FORM,
        )
        for name, kwargs, elsewhere in (
            ("service_add", unit, another_unit),
            ("service_edit", service, service_elsewhere),
            ("move_add", service, service_elsewhere),
            ("move_correct", move, move_elsewhere),
            ("volumes", year_of_unit, year_of_another),
        )
        for method in ("get", "post")
    ),
    Door(
        "opd:service_remove",
        allowed=WRITERS,
        kwargs=service,
        elsewhere=service_elsewhere,
        method="post",
    ),
]

"""The doors of services and innovations."""

from typing import Any

from opd.enums import Role
from opd.tests.doors import MEMBERS, Door, form_doors
from opd.tests.fixtures import Cast
from opd.tests.matrix_units import another_unit, unit

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


def innovation(cast: Cast) -> dict[str, Any]:
    from opd.tests.factories_services import InnovationFactory

    return {"pk": InnovationFactory(unit=cast.unit).pk}


def innovation_elsewhere(cast: Cast) -> dict[str, Any]:
    from opd.tests.factories_services import InnovationFactory

    return {"pk": InnovationFactory(unit=cast.other_unit).pk}


def innovation_file(unit_name: str) -> Any:
    def make(cast: Cast) -> dict[str, Any]:
        from opd.tests.factories_services import InnovationFileFactory

        row = InnovationFileFactory(
            innovation__unit=getattr(cast, unit_name), added_by=cast[Role.OPD_OPERATOR]
        )
        return {"pk": row.innovation_id, "file_id": row.pk}

    return make


SERVICES = [
    Door("opd:service_overview", allowed=MEMBERS),
    Door("opd:unit_services", allowed=MEMBERS, kwargs=unit, elsewhere=another_unit),
    Door("opd:service", allowed=MEMBERS, kwargs=service, elsewhere=service_elsewhere),
    *form_doors(
        "opd",
        WRITERS,
        ("service_add", unit, another_unit),
        ("service_edit", service, service_elsewhere),
        ("move_add", service, service_elsewhere),
        ("move_correct", move, move_elsewhere),
        ("volumes", year_of_unit, year_of_another),
    ),
    Door(
        "opd:service_remove",
        allowed=WRITERS,
        kwargs=service,
        elsewhere=service_elsewhere,
        method="post",
    ),
    Door("opd:innovations", allowed=MEMBERS),
    Door("opd:unit_innovations", allowed=MEMBERS, kwargs=unit, elsewhere=another_unit),
    Door("opd:innovation", allowed=MEMBERS, kwargs=innovation, elsewhere=innovation_elsewhere),
    Door(
        "opd:innovation_file",
        allowed=MEMBERS,
        kwargs=innovation_file("unit"),
        elsewhere=innovation_file("other_unit"),
        is_page=False,
    ),
    Door(
        "opd:innovation_file_remove",
        allowed=WRITERS,
        kwargs=innovation_file("unit"),
        elsewhere=innovation_file("other_unit"),
        method="post",
    ),
    *form_doors(
        "opd",
        WRITERS,
        ("innovation_add", unit, another_unit),
        ("innovation_edit", innovation, innovation_elsewhere),
    ),
]

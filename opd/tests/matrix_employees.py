"""The doors of rosters."""

from typing import Any

from opd.enums import Role
from opd.tests.doors import Door, form_doors
from opd.tests.fixtures import Cast
from opd.tests.matrix_units import another_unit, unit

READERS = frozenset(
    {
        Role.OPD_HEAD,
        Role.OPD_OPERATOR,
        Role.LIAISON_OFFICER,
        Role.INSPECTORATE,
        Role.ZI_SECRETARIAT,
    }
)
WRITERS = frozenset({Role.OPD_HEAD, Role.OPD_OPERATOR, Role.ZI_SECRETARIAT})


def post(cast: Cast) -> dict[str, Any]:
    from opd.tests.factories_services import EmployeePostFactory

    return {"post_id": EmployeePostFactory(unit=cast.unit).pk}


def post_elsewhere(cast: Cast) -> dict[str, Any]:
    from opd.tests.factories_services import EmployeePostFactory

    return {"post_id": EmployeePostFactory(unit=cast.other_unit).pk}


EMPLOYEES = [
    Door("opd:roster", allowed=READERS, kwargs=unit, elsewhere=another_unit),
    *form_doors(
        "opd",
        WRITERS,
        ("employee_add", unit, another_unit),
        ("employee_import", unit, another_unit),
        ("employee_edit", post, post_elsewhere),
        ("employee_move", post, post_elsewhere),
        ("employee_end", post, post_elsewhere),
    ),
]

"""Offices as the tests of giving and assessing ask for them."""

from datetime import date
from typing import Any

from opd.enums import OfficeStatus, Role
from opd.offices import Office


def operators_office(*, valid_from: date, **changed: Any) -> Office:
    values: dict[str, Any] = {
        "role": Role.OPD_OPERATOR,
        "unit": None,
        "title": "Operator",
        "office_status": OfficeStatus.DEFINITIF,
        "valid_from": valid_from,
        **changed,
    }
    return Office(**values)

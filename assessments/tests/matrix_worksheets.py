"""The doors of work-sheets (LKE)."""

import uuid
from collections.abc import Callable
from typing import Any

from assessments.models import ReviewMinutes, Worksheet
from assessments.permissions import PLAN_READERS, PLAN_WRITERS
from assessments.tests.factories_worksheets import (
    in_state,
    make_minutes_row,
    second_edition,
    sheet_of,
    tpn_letter,
)
from opd.enums import Role
from opd.models import Unit
from opd.tests.doors import Door

Make = Callable[[Unit], Worksheet]
OPENERS = PLAN_WRITERS | {Role.ZI_SECRETARIAT}
MEMBERS = frozenset(PLAN_READERS - {Role.TPN_REVIEWER})
CODE = "A.I.1.i.a"


def approved(unit: Unit) -> Worksheet:
    return in_state(sheet_of(unit), "approved")


def of_first_edition(unit: Unit) -> Worksheet:
    sheet = sheet_of(unit)
    second_edition()
    return sheet


def with_letter(unit: Unit) -> Worksheet:
    sheet = approved(unit)
    tpn_letter(sheet)
    return sheet


def minutes_of(unit: Unit) -> ReviewMinutes:
    return make_minutes_row(approved(unit))


def minutes_door(name: str, method: str = "get", **more: Any) -> Door:
    return Door(
        f"assessments:{name}",
        allowed=more.pop("allowed", PLAN_READERS),
        method=method,
        kwargs=lambda cast: {"pk": minutes_of(cast.unit).pk},
        elsewhere=lambda cast: {"pk": minutes_of(cast.other_unit).pk},
        is_page=False,
        **more,
    )


def door(
    name: str, allowed: frozenset[Any], make: Make = approved, method: str = "get", **more: Any
) -> Door:
    address = more.pop("address", {})

    def kwargs(unit: Unit) -> dict[str, Any]:
        return {"pk": make(unit).pk, **address}

    return Door(
        f"assessments:{name}",
        allowed=allowed,
        method=method,
        kwargs=lambda cast: kwargs(cast.unit),
        elsewhere=lambda cast: kwargs(cast.other_unit),
        **more,
    )


WORKSHEET_DOORS = [
    Door("assessments:worksheets", allowed=PLAN_READERS),
    Door("assessments:worksheet_tasks", allowed=PLAN_READERS),
    Door("assessments:worksheet_queue", allowed=MEMBERS),
    Door(
        "assessments:worksheet_queue_take",
        allowed=MEMBERS,
        method="post",
        data={"sheets": "1:0"},
        answer={302},
        is_page=False,
    ),
    Door(
        "assessments:zone_worksheets",
        allowed=PLAN_READERS,
        kwargs=lambda cast: {"zone_pk": sheet_of(cast.unit).zone_id},
        elsewhere=lambda cast: {"zone_pk": sheet_of(cast.other_unit).zone_id},
    ),
    door("worksheet", PLAN_READERS),
    door("worksheet_part", PLAN_READERS, address={"part": "A.I.1.i"}),
    door("worksheet_question", PLAN_READERS, address={"code": CODE}),
    door("worksheet_result", PLAN_READERS),
    door("worksheet_review", PLAN_READERS),
    door("worksheet_edition", OPENERS, of_first_edition),
    door("worksheet_share", PLAN_WRITERS, sheet_of),
    door(
        "worksheet_answer",
        PLAN_WRITERS | {Role.INSPECTORATE},
        sheet_of,
        "post",
        address={"code": CODE},
        data={"version": 0, "option": "Ya"},
        unseen={Role.TPN_REVIEWER},
        # The Inspektur holds a tier, and stands before a sheet that is not with the TPI.
        answer={302, 409},
        is_page=False,
    ),
    door(
        "worksheet_confirm",
        OPENERS - {Role.ZI_SECRETARIAT},
        sheet_of,
        "post",
        address={"code": CODE},
    ),
    door(
        "worksheet_item_step",
        PLAN_READERS,
        approved,
        "post",
        address={"code": CODE, "name": "message"},
        data={"text": "Mohon dilihat.", "form_key": str(uuid.uuid4())},
        answer={302, 422},
    ),
    # A draft is nobody's to approve: the step itself answers.
    door(
        "worksheet_step",
        MEMBERS,
        sheet_of,
        "post",
        address={"name": "approve"},
        answer={422},
        unseen={Role.TPN_REVIEWER},
    ),
    door("worksheet_minutes", PLAN_READERS),
    # A stale text is answered on the page to which the button leads.
    minutes_door("minutes_sign", "post", answer={302}),
    minutes_door("minutes_print", "post", answer={302}),
    Door(
        "assessments:minutes_scan",
        allowed=PLAN_READERS,
        kwargs=lambda cast: {"pk": minutes_of(cast.unit).scans.get().pk},
        elsewhere=lambda cast: {"pk": minutes_of(cast.other_unit).scans.get().pk},
        is_page=False,
    ),
    minutes_door("minutes_scan_new", "post", answer={422}),
    door("worksheet_tpn", PLAN_READERS),
    door("worksheet_tpn_follow", frozenset({Role.INSPECTORATE}), with_letter, "post", answer={302}),
    Door(
        "assessments:tpn_letter_file",
        allowed=PLAN_READERS,
        kwargs=lambda cast: {"pk": tpn_letter(approved(cast.unit)).pk},
        elsewhere=lambda cast: {"pk": tpn_letter(approved(cast.other_unit)).pk},
        is_page=False,
    ),
    door("worksheet_agree", frozenset({Role.INSPECTORATE}), sheet_of, "post", answer={302}),
]

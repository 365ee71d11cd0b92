"""Work-sheets for tests: the whole instrument of 90/2021, loaded once per database."""

import json
from copy import deepcopy
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from assessments.actions.instruments import load_instruments
from assessments.actions.worksheets import open_worksheet
from assessments.enums import Assessor, ZoneStage
from assessments.instrument import instrument_files
from assessments.models import (
    Answer,
    InstrumentEdition,
    ReviewMinutes,
    ReviewMinutesScan,
    TpnLetter,
    Worksheet,
    WorksheetApproval,
    WorksheetItem,
)
from assessments.queries.review_minutes import contents
from assessments.queries.worksheet_checks import content_of, fingerprint
from assessments.scoring import ScaleKind
from assessments.sheet_keeping import keep_score, locked_sheet
from assessments.tests.factories import IntegrityZoneFactory, stored_pdf
from opd.enums import Role, TpiFunction
from opd.models import Membership, TpiAssignment, TpiMember, TpiTeam
from opd.tests.factories import MembershipFactory

NOW = datetime(2026, 4, 10, 3, tzinfo=UTC)
YEAR = 2026


def edition() -> InstrumentEdition:
    load_instruments(now=NOW)
    return InstrumentEdition.objects.defer("content").get(code="permenpanrb-90-2021", edition=1)


def second_edition() -> InstrumentEdition:
    """Of the same instrument: A.I.1.i.a reads differently, A.I.1.ii.a is gone, so its neighbours
    weigh more; the others are as they were."""
    row = edition()
    content = deepcopy(instrument_files()["permenpanrb-90-2021"].content)
    parts = {part["code"]: part for part in content["sub_aspects"]}
    parts["A.I.1.i"]["questions"][0]["text_id"] += " Sebutkan nomornya."
    del parts["A.I.1.ii"]["questions"][0]
    content["question_count"] -= 1
    for node in content["nodes"]:
        if node["code"] in ("A", "A.I", "A.I.1"):
            node["questions"] -= 1
    text = json.dumps({**content, "edition": 2}, sort_keys=True)
    return InstrumentEdition.objects.get_or_create(
        code=row.code,
        edition=2,
        defaults={
            "content": {**content, "edition": 2},
            "sha256": sha256(text.encode()).hexdigest(),
            "valid_from": row.valid_from,
            "loaded_at": NOW,
        },
    )[0]


def sheet_of(unit: Any, year: int = YEAR, **more: Any) -> Worksheet:
    """Of this unit, opened by the secretariat for a zone that builds; the one that is there."""
    zone = more.pop("zone", None) or unit.zones.first()
    zone = zone or IntegrityZoneFactory(unit=unit, stage=ZoneStage.BUILDING)
    by = unit.government.memberships.filter(role=Role.ZI_SECRETARIAT).first()
    by = by or MembershipFactory(government=unit.government, unit=None, role=Role.ZI_SECRETARIAT)
    sheet = open_worksheet(zone=zone, year=year, edition=edition(), by=by, now=NOW, **more)
    return Worksheet.objects.with_names().get(pk=sheet.pk)


def make_sheet(cast: Any, unit: Any = None, year: int = YEAR, **more: Any) -> Worksheet:
    return sheet_of(unit or cast.unit, year, **more)


def item(sheet: Worksheet, code: str) -> WorksheetItem:
    return sheet.items.get(code=code)


def tpi_member(sheet: Worksheet, function: TpiFunction, **office: Any) -> Membership:
    """Somebody from elsewhere in this function, assigned to the unit."""
    team, _made = TpiTeam.objects.get_or_create(
        government=sheet.government,
        year=sheet.year,
        defaults={"decree_number": "188/TPI/2026", "decided_on": NOW.date()},
    )
    office = {"role": Role.INSPECTORATE, "unit": None, "title": "Auditor", **office}
    person = MembershipFactory(government=sheet.government, **office)
    TpiMember.objects.create(
        government=sheet.government, team=team, membership=person, function=function
    )
    TpiAssignment.objects.create(
        government=sheet.government, membership=person, unit=sheet.zone.unit, year=sheet.year
    )
    return person


def in_state(sheet: Worksheet, state: str, tier: str = "") -> Worksheet:
    """As if it had come so far, without the way."""
    unit = sheet.zone.unit
    head = MembershipFactory(government=sheet.government, unit=unit, role=Role.OPD_HEAD)
    inspector = MembershipFactory(government=sheet.government, unit=None, role=Role.INSPECTORATE)
    values: dict[str, Any] = {"state": state, "submitted_by": head, "tier": tier}
    values["approved_by"] = inspector if state == "approved" else None
    Worksheet.objects.filter(pk=sheet.pk).update(**values)
    return Worksheet.objects.with_names().get(pk=sheet.pk)


def tpn_letter(sheet: Worksheet, number: str = "B/12/TPN/2026") -> TpnLetter:
    inspector = MembershipFactory(government=sheet.government, unit=None, role=Role.INSPECTORATE)
    return TpnLetter.objects.create(
        government=sheet.government,
        worksheet=sheet,
        number=number,
        dated_on=NOW.date(),
        scan=stored_pdf(inspector),
        recorded_by=inspector,
        recorded_at=NOW,
    )


def approval_of(sheet: Worksheet) -> WorksheetApproval:
    """Of everything as it stands."""
    content = content_of(sheet)
    return WorksheetApproval.objects.create(
        government=sheet.government,
        worksheet=sheet,
        round=1,
        by=sheet.approved_by,
        at=NOW,
        content=content,
        sha256=fingerprint(content),
        unit_total=0,
        tpi_total=0,
    )


def make_minutes_row(sheet: Worksheet) -> ReviewMinutes:
    """A berita acara with a scan, as if it had been made."""
    approval = approval_of(sheet)
    minutes = ReviewMinutes.objects.create(
        government=sheet.government,
        approval=approval,
        number=f"BA/{sheet.pk}/2026",
        held_on=NOW.date(),
        place="Ruang rapat",
        content=contents(sheet, approval),
        sha256="1" * 64,
        made_by=sheet.approved_by,
        made_at=NOW,
    )
    ReviewMinutesScan.objects.create(
        government=sheet.government,
        minutes=minutes,
        stored=stored_pdf(sheet.approved_by),
        by=sheet.approved_by,
        at=NOW,
    )
    return minutes


def fill(sheet: Worksheet, by: Membership) -> None:
    """The best answer to every question, as if somebody had sat a day over it."""
    questions = sheet.instrument.instrument.questions
    rows = []
    for row in sheet.items.all():
        scale = questions[row.code].scale
        said: dict[str, Any] = {"counts": {c.key: "5" for c in questions[row.code].counts}}
        if scale.kind is ScaleKind.OPTIONS:
            said = {"option": next(iter(scale.options))}
        elif scale.kind is ScaleKind.INDEX:
            said = {"index": scale.highest}
        rows.append(
            Answer(
                government_id=row.government_id,
                item=row,
                assessor="unit",
                changed_by=by,
                changed_at=NOW,
                **said,
            )
        )
    Answer.objects.bulk_create(rows)
    keep_score(locked_sheet(sheet.pk), Assessor.UNIT)

"""Loads the declarations, decrees, zones and predicates of the demonstration."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml

from assessments.actions.declarations import take_step
from assessments.actions.piagam import request_piagam
from assessments.actions.zones import name_units, record_award, start_building
from assessments.enums import AttendeeKind, SignatureMethod
from assessments.models import (
    Attendee,
    Declaration,
    DeclarationUnit,
    IntegrityZone,
    NamedUnit,
    NamingDecree,
    Pledge,
    Signatory,
    SignatoryUnit,
    Signature,
)
from integrity_portal.core import ledger
from opd.models import Government, Membership, Unit

DATA = Path(__file__).parent / "data" / "declarations.yaml"


def load(today: date) -> None:
    for slug, acts in yaml.safe_load(DATA.read_text()).items():
        _Loader(Government.objects.get(slug=slug), today).load(acts)


class _Loader:
    def __init__(self, government: Government, today: date) -> None:
        self.government = government
        self.today = today
        self.now = datetime.combine(today, time(2), UTC)
        rows = list(Unit.objects.filter(government=government))
        self.units = {unit.name: unit for unit in rows} | {
            unit.short_name: unit for unit in rows if unit.short_name
        }
        self.sample = {"is_sample": government.is_sample}

    def load(self, acts: dict[str, Any]) -> None:
        # Acts in the order of their days, as zones walk.
        for facts in acts["declarations"]:
            self._declaration(facts)
        for facts in acts.get("decrees", []):
            self._decree(facts)
        for name, since in acts.get("building", {}).items():
            zone = IntegrityZone.objects.get(unit=self.units[name], closed_on=None)
            start_building(zone=zone, by=None, now=self.now, since=self._day(since))
        for name, predicate, year, source in acts.get("awards", []):
            record_award(
                unit=self.units[name],
                predicate=predicate,
                year=self._year(year),
                source=source,
                by=None,
                now=self.now,
            )

    def _day(self, value: Any) -> date:
        return self.today + timedelta(days=value) if isinstance(value, int) else value

    def _year(self, value: Any) -> int:
        if isinstance(value, str):
            return self.today.year + int(value.removeprefix("relative:"))
        return int(value)

    def _declaration(self, facts: dict[str, Any]) -> None:
        number, label = facts.get("phase", [None, ""])
        day, precision = facts["held"]
        act = Declaration.objects.create(
            government=self.government,
            scope=facts["scope"],
            title=facts["title"],
            phase_number=number,
            phase_label=label,
            held_on=self._day(day),
            held_on_precision=precision,
            place=facts["place"],
            purpose=facts["purpose"],
            basis=facts["basis"],
            source=facts.get("source", ""),
            sign_by=self._day(facts["sign_by"]) if "sign_by" in facts else None,
            **self.sample,
        )
        ledger.record("declaration.created", act, by=None, government_id=self.government.pk)
        self._units_and_lines(act, facts)
        places = [
            self._signatory(act, position, row)
            for position, row in enumerate(facts["signatories"], start=1)
        ]
        if facts["state"] == "draft":
            return
        take_step(declaration=act, name="open", by=None, now=self.now)
        for place, row in zip(places, facts["signatories"], strict=True):
            self._sign(place, row, facts["signed"])
        if facts["state"] == "closed":
            take_step(declaration=act, name="close", by=None, now=self.now)
        if facts.get("piagam"):
            office = Membership.objects.get(government=self.government, role="zi_secretariat")
            # Asked for the day before, so that it is made at once at whatever hour this runs.
            request_piagam(declaration=act, by=office, now=self.now - timedelta(days=1))

    def _units_and_lines(self, act: Declaration, facts: dict[str, Any]) -> None:
        common = {"government": self.government, "declaration": act}
        for position, name in enumerate(facts["units"], start=1):
            unit = self.units[name]
            DeclarationUnit.objects.create(
                unit=unit, position=position, printed_name=unit.name, **common
            )
        for position, text in enumerate(facts.get("pledges", []), start=1):
            Pledge.objects.create(position=position, text=text, **common)
        for kind, key in ((AttendeeKind.WITNESS, "witnesses"), (AttendeeKind.PRESENT, "present")):
            for position, text in enumerate(facts.get(key, []), start=1):
                Attendee.objects.create(kind=kind, position=position, text=text, **common)

    def _signatory(self, act: Declaration, position: int, row: dict[str, Any]) -> Signatory:
        place = Signatory.objects.create(
            government=self.government,
            declaration=act,
            position=position,
            name=row.get("name", ""),
            title=row["title"],
            office_status=row.get("status", "definitif"),
            membership=self._office(row["login"]) if "login" in row else None,
        )
        for name in row.get("for", []):
            SignatoryUnit.objects.create(
                government=self.government,
                signatory=place,
                declared=act.units.get(unit=self.units[name]),
            )
        return place

    def _office(self, login: str) -> Membership:
        offices = Membership.objects.filter(government=self.government)
        if login in self.units:
            return offices.get(unit=self.units[login], role="opd_head")
        return offices.get(role=login)

    def _sign(self, place: Signatory, row: dict[str, Any], signed: list[Any]) -> None:
        if not row.get("signed", True):
            return
        day, precision = signed
        common = {
            "government": self.government,
            "signatory": place,
            "method": SignatureMethod.WET,
            "signed_on_precision": precision,
            "recorded_at": self.now,
        }
        if "withdrawn" in row:
            office = Membership.objects.get(government=self.government, role="zi_secretariat")
            wrong = Signature.objects.create(
                signed_on=self._day(day) - timedelta(days=30),
                withdrawn_at=self.now,
                withdrawn_by=office,
                withdrawal_reason=row["withdrawn"],
                **common,
            )
            ledger.record("signature.withdrawn", wrong, by=office)
        signature = Signature.objects.create(signed_on=self._day(day), **common)
        ledger.record("signature.recorded", signature, by=None, government_id=self.government.pk)

    def _decree(self, facts: dict[str, Any]) -> None:
        day, precision = facts["decided"]
        decree = NamingDecree.objects.create(
            government=self.government,
            number=facts["number"],
            title=facts["title"],
            decided_on=self._day(day),
            decided_on_precision=precision,
            source=facts.get("source", ""),
            **self.sample,
        )
        for position, name in enumerate(facts["units"], start=1):
            unit = self.units[name]
            NamedUnit.objects.create(
                government=self.government,
                decree=decree,
                unit=unit,
                position=position,
                printed_name=unit.name,
            )
        ledger.record("decree.registered", decree, by=None, government_id=self.government.pk)
        name_units(decree=decree, by=None, now=self.now)

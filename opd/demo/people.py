"""The invented government's people in motion: TPI, a stand-in, an invitation, facts of units.

Written by the same verbs as from a screen, so that the ledger and the rules know of it.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from opd import offices
from opd.actions import invitations, people
from opd.actions.facts import FactInput, save_fact
from opd.enums import IdentifierKind, OfficeStatus, Role
from opd.models import Government, Membership, Unit


def load(
    government: Government, facts: dict[str, Any], units: dict[str, Unit], today: date
) -> None:
    rows = Membership.objects.filter(government=government).select_related("government", "unit")
    held = {row.title: row for row in rows}
    administrator = held["Administrator"]
    for title, unit in facts.get("tpi", []):
        people.assign_tpi(
            member=held[title], unit=units[unit], year=today.year, by=held["Inspektur"], today=today
        )
    for title, stand_in, first, last in facts.get("substitutes", []):
        people.appoint_substitute(
            office=held[title],
            person=held[stand_in].user,
            office_status=OfficeStatus.PLH,
            first=today + timedelta(days=first),
            last=today + timedelta(days=last),
            by=administrator,
            today=today,
        )
    for name, title, role, unit, nip in facts.get("invitations", []):
        office = offices.Office(Role(role), units[unit], title, OfficeStatus.DEFINITIF, today)
        _invite(name, office, nip, administrator)
    for unit, year, key, value, source in facts.get("unit_facts", []):
        entered = FactInput(year=today.year + year, key=key, value=value, source=source)
        save_fact(by=administrator, unit=units[unit], entered=entered, today=today)


def _invite(name: str, office: offices.Office, nip: str, by: Membership) -> None:
    day = office.valid_from
    invitations.invite(
        name=name,
        login=(IdentifierKind.NIP, nip),
        office=office,
        by=by,
        now=datetime.combine(day, time(1), UTC),
        today=day,
        # Nobody is to open it: the page shows that an invitation waits.
        link=lambda token: "",
    )

"""Open dates of the ZI year as duties: whom to remind, and where a link to one leads."""

from collections import defaultdict
from datetime import date, timedelta

from django.urls import reverse

from opd.models import Government, Membership, OwnDate
from opd.queries.year_calendar import NEAR, UNIT_TASKS, entries
from opd.reminders import Due, Owner
from opd.subjects import Subject
from opd.year_calendar import calendar_of, concerned_units

# Open steps of last year go on being told so long into the new one.
LAST_YEAR_STAYS = timedelta(days=90)


def due_dates(government: Government, today: date) -> list[Due]:
    """Open tasks of this year, of last year's end and of next year's beginning."""
    years = {today.year, (today - LAST_YEAR_STAYS).year, (today + NEAR).year}
    units = concerned_units(government.pk)
    found: list[Due] = []
    for year in sorted(years):
        found += [
            Due(
                link_id=entry.link_id,
                due_on=entry.due_on,
                owners=_owners(entry.roles, list(entry.count.missing) if entry.count else units),
                remind_before=entry.remind_before,
                escalate_after=entry.escalate_after,
                is_sample=government.is_sample or entry.is_sample,
                is_standing=entry.own is None and entry.moved is None,
                grace=entry.grace,
            )
            for entry in entries(government, year)
            if entry.is_task and not entry.is_done and not entry.is_nobodys
        ]
    return found


def _owners(roles: tuple[str, ...], units: list[int]) -> tuple[Owner, ...]:
    """Offices of the government; for tasks of the units those of every unit on the road."""
    central = [Owner(role=role) for role in roles if role not in UNIT_TASKS]
    below = [Owner(role=role, unit_id=pk) for role in roles if role in UNIT_TASKS for pk in units]
    return tuple(central + below)


def subjects(membership: Membership, ids: list[str]) -> dict[str, Subject]:
    """Dates of the year by `<year>.<key>`; everybody of the government reads them."""
    wanted: dict[int, set[str]] = defaultdict(set)
    for pk in ids:
        year, _separator, key = pk.partition(".")
        if year.isdigit() and len(year) == 4:
            wanted[int(year)].add(key)
    found = {}
    for number, keys in wanted.items():
        own = _own_titles(membership.government_id, number, keys)
        known = {step.key: str(step.name) for step in calendar_of(number).steps} | own
        for key in keys & known.keys():
            url = reverse("opd:calendar_date", kwargs={"year": number, "key": key})
            found[f"{number}.{key}"] = Subject(f"{known[key]} {number}", url)
    return found


def _own_titles(government_id: int, year: int, keys: set[str]) -> dict[str, str]:
    numbers = [int(key[4:]) for key in keys if key.startswith("own-") and key[4:].isdigit()]
    if not numbers:
        return {}
    rows = OwnDate.objects.filter(government=government_id, year=year, pk__in=numbers)
    return {row.key: row.title for row in rows}

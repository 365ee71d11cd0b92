"""Employees, innovations and the TPI's team of the invented government, by the usual verbs."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import yaml

from integrity_portal.core.partial_dates import PartialDate
from opd.actions import employees, innovations, tpi
from opd.actions.employees import EmployeeFacts
from opd.actions.innovations import InnovationFacts
from opd.employee_rows import EmployeeRow
from opd.enums import Role
from opd.models import EmployeePost, Government, Membership, TpiTeam, Unit

DATA = Path(__file__).parent / "data" / "roster.yaml"
SINCE = timedelta(days=900)
TITLES = ("Analis", "Pengadministrasi", "Pranata", "Petugas layanan", "Penelaah")


def load(government: Government, units: dict[str, Unit], today: date) -> None:
    data = yaml.safe_load(DATA.read_text())
    held = {
        row.title: row
        for row in Membership.objects.filter(government=government).select_related(
            "government", "unit"
        )
    }
    if government.slug in data["tpi_of_the_past"]:
        _team_of_the_past(data["tpi_of_the_past"][government.slug], held, today)
    if not government.is_sample:
        return
    by = next(row for row in held.values() if row.role == Role.ZI_SECRETARIAT)
    _employees(data, units, by, today)
    for row in data["innovations"]:
        _innovation(row, units[row["unit"]], by, today)
    _team(data["tpi"], held, today)


def _employees(data: dict[str, Any], units: dict[str, Unit], by: Membership, today: date) -> None:
    number = 0
    for name, count in data["employees"].items():
        rows = []
        for _place in range(count):
            number += 1
            rows.append(
                EmployeeRow(
                    number,
                    "",
                    f"Pegawai Contoh {number:03}",
                    f"19850101201001{1 + number % 2}{number:03}",
                    TITLES[number % len(TITLES)],
                    today - SINCE,
                )
            )
        employees.import_employees(by=by, unit=units[name], rows=rows, today=today)
    for name, nip, title in data["accounts"]:
        employees.add_employee(
            by=by,
            unit=units[name],
            facts=EmployeeFacts(title, nip, title),
            first_day=today - SINCE,
            today=today,
        )
    for name, ago, to in data["left"]:
        post = EmployeePost.objects.filter(unit=units[name], valid_to=None).earliest("pk")
        day = today - timedelta(days=ago)
        if to is None:
            employees.end_employment(by=by, post=post, last_day=day)
        else:
            employees.move_employee(
                by=by, post=post, to=units[to], title="Analis", first_day=day, today=today
            )


def _innovation(row: dict[str, Any], unit: Unit, by: Membership, today: date) -> None:
    facts = InnovationFacts(
        title=row["title"],
        area=row["area"],
        started=PartialDate((today + timedelta(days=row["started"])).replace(day=1), "month"),
        problem=row["problem"],
        change=row["change"],
        measure=row.get("measure", ""),
        measure_unit=row.get("measure_unit", ""),
        value_before=_number(row, "before"),
        value_after=_number(row, "after"),
        source=row.get("source", ""),
        state=row.get("state", "running"),
    )
    innovations.save_innovation(
        by=by,
        unit=unit,
        facts=facts,
        form_key=uuid5(NAMESPACE_URL, f"{unit.public_id}/{row['title']}"),
        now=datetime.combine(today, time(1), UTC),
        today=today,
    )


def _number(row: dict[str, Any], name: str) -> Decimal | None:
    return Decimal(str(row[name])) if name in row else None


def _team_of_the_past(row: dict[str, Any], held: dict[str, Membership], today: date) -> None:
    """The agencies are facts; the decree and the members are examples, and say so."""
    by = held["Inspektur"]
    team = tpi.save_tpi_team(
        by=by,
        year=row["year"],
        decree_number=row["decree"],
        decided_on=row["decided"],
        scan=None,
        version=0,
        today=today,
    )
    TpiTeam.objects.filter(pk=team.pk).update(is_sample=True)
    for title, function in row["members"]:
        tpi.add_tpi_member(by=by, team=team, member=held[title], function=function)


def _team(row: dict[str, Any], held: dict[str, Membership], today: date) -> None:
    by = held["Inspektur"]
    decided = max(today + timedelta(days=row["decided"]), date(today.year, 1, 1))
    team = tpi.save_tpi_team(
        by=by,
        year=today.year,
        decree_number=row["decree"],
        decided_on=decided,
        scan=None,
        version=0,
        today=today,
    )
    for title, function in row["members"]:
        tpi.add_tpi_member(by=by, team=team, member=held[title], function=function)

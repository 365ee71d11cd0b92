"""Writes governments, units, their history, facts and the demo accounts."""

import csv
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml
from django.contrib.auth.hashers import make_password

from integrity_portal.core import ledger
from opd.demo import people, roster, services
from opd.enums import SuccessionKind, UnitKind
from opd.identity import normalise
from opd.models import (
    Duty,
    Government,
    LoginIdentifier,
    Membership,
    StandingFact,
    Unit,
    UnitKindRule,
    UnitName,
    UnitSuccession,
    User,
)

DATA = Path(__file__).parent / "data"
PASSWORD = "contoh-zona-2026"  # noqa: S105 - printed at every start of the demonstration
UNCOUNTED = {UnitKind.SEKOLAH, UnitKind.UPTD}


def load(today: date) -> None:
    password = make_password(PASSWORD)
    accounts = yaml.safe_load((DATA / "accounts.yaml").read_text())
    for facts in yaml.safe_load((DATA / "governments.yaml").read_text()):
        government = _government(facts, today)
        units = _units(government, facts)
        _history(government, facts, units, today)
        _details(government, facts, units, today)
        for row in [*accounts["common"], *accounts[government.slug]]:
            _account(government, units, row, password)
        people.load(government, facts, units, today)
        services.load(government, units, today)
        roster.load(government, units, today)


def _relative_year(value: Any, today: date) -> int | None:
    if isinstance(value, str) and value.startswith("relative:"):
        return today.year + int(value.removeprefix("relative:"))
    return None if value is None else int(value)


def _government(facts: dict[str, Any], today: date) -> Government:
    government = Government.objects.create(
        code=facts["code"],
        slug=facts["slug"],
        kind=facts["kind"],
        name=facts["name"],
        address=facts["address"],
        zone_target_year=_relative_year(facts["zone_target_year"], today),
        primary_colour=facts.get("primary_colour", "#0b4f6c"),
        is_sample=facts.get("is_sample", False),
    )
    ledger.record("government.created", government, by=None, government_id=government.pk)
    UnitKindRule.objects.bulk_create(
        UnitKindRule(
            government=government,
            unit_kind=kind,
            counts=facts["counts"].get(kind, kind not in UNCOUNTED),
        )
        for kind in UnitKind.values
    )
    return government


def _units(government: Government, facts: dict[str, Any]) -> dict[str, Unit]:
    units: dict[str, Unit] = {}

    def add(kind: str, name: str, short: str, parent: Unit | None = None, code: str = "") -> Unit:
        unit = Unit.objects.create(
            government=government,
            parent=parent,
            kind=kind,
            name=name,
            short_name=short,
            code=code,
            is_sample=government.is_sample,
        )
        unit.lineage = [*(parent.lineage if parent else []), unit.pk]
        unit.save(update_fields=["lineage"])
        UnitName.objects.create(government=government, unit=unit, name=name, short_name=short)
        units[short or name] = unit
        return unit

    for kind, name, short in facts["units"]:
        add(kind, name, short)
    for above, rows in facts["below"].items():
        for kind, name, short in rows:
            add(kind, name, short, parent=units[above])
    if facts["districts"]:
        districts: dict[str, Unit] = {}
        for code, name in _regions(facts["districts"]):
            if code.count(".") == 2:
                districts[code] = add("kecamatan", f"Kecamatan {name}", "", code=code)
            else:
                above_unit = districts[code.rsplit(".", 1)[0]]
                add("kelurahan", f"Kelurahan {name}", "", parent=above_unit, code=code)
    return units


def _regions(prefix: str) -> list[tuple[str, str]]:
    with (DATA / "regions.csv").open() as file:
        rows = [(row["code"], row["name"]) for row in csv.DictReader(file)]
    return sorted(row for row in rows if row[0].startswith(prefix + "."))


def _history(
    government: Government, facts: dict[str, Any], units: dict[str, Unit], today: date
) -> None:
    for change in facts.get("renames", []):
        unit = units[change["short"]]
        unit.names.update(end_unknown=True)
        unit.name, unit.short_name = change["name"], change["short_name"]
        unit.save(update_fields=["name", "short_name"])
        units[unit.short_name] = unit
        UnitName.objects.create(
            government=government, unit=unit, name=unit.name, short_name=unit.short_name
        )
    for old, new, days, basis in facts.get("mergers", []):
        day = today + timedelta(days=days)
        units[old].active_to = day - timedelta(days=1)
        units[old].save(update_fields=["active_to"])
        UnitSuccession.objects.create(
            government=government,
            predecessor=units[old],
            successor=units[new],
            kind=SuccessionKind.MERGED,
            happened_on=day,
            basis=basis,
        )


def _details(
    government: Government, facts: dict[str, Any], units: dict[str, Unit], today: date
) -> None:
    sample = {"is_sample": government.is_sample}
    for year, key, value, source in facts["facts"]:
        StandingFact.objects.create(
            government=government,
            year=_relative_year(year, today) or 0,
            key=key,
            value=value,
            source=source,
            **sample,
        )
    for short, texts in facts.get("duties", {}).items():
        for position, text in enumerate(texts, start=1):
            Duty.objects.create(
                government=government,
                unit=units[short],
                position=position,
                text=text,
                **sample,
            )


def _account(government: Government, units: dict[str, Unit], row: list[Any], password: str) -> None:
    role, place, title, login = row
    title = title.format(head=government.head_title)
    user = User.objects.create(name=title, password=password)
    text = login if login.isdigit() else f"{login}@{government.slug}.contoh"
    found = normalise(text)
    if found is None:
        raise ValueError(f"demo login {text}")
    LoginIdentifier.objects.create(user=user, kind=found[0], value=found[1])
    Membership.objects.create(
        user=user,
        government=government,
        unit=units[place] if place else None,
        role=role,
        title=title,
        valid_from=date(2019, 1, 1),
        acts_below=role == "opd_head" and place is not None,
    )

"""Server time of signed-in pages and of one save, on the demonstration and on ten times as much.

    DJANGO_SETTINGS_MODULE=integrity_portal.settings.test python benchmarks/pages.py

Needs the demonstration's rows (`manage.py load_demo`) in the database that DATABASE_URL names. All
runs in this process with Django's test client. Each time is divided by that of the IT team's status
page just before it: `demo` and `ten_times` are medians of that, `growth` is the one by the other.
Ten times: nine copies of every unit of Kota Contoh with zone, plans, reports and complaints, in a
transaction that is rolled back.
"""

import copy
import os
import statistics
import sys
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
ROUNDS = int(os.environ.get("ROUNDS", "15"))
# CPU=1: processor time of this process alone, for a machine that others use meanwhile.
CLOCK = time.process_time if os.environ.get("CPU") else time.perf_counter
COPIES = 9
BUDGET = 1.5
REFERENCE = ("it_team", "/app/status/")
PAGES = [
    ("mayor", "/app/mayor/"),
    ("sekda", "/app/sekda/"),
    ("mayor", "/app/documents/"),
    ("complaint_coordinator", "/app/complaints/?state=all"),
    ("complaint_coordinator", "/app/complaints/{complaint}/"),
    ("zi_secretariat", "/app/zones/"),
    ("zi_secretariat", "/app/workplans/"),
    ("zi_secretariat", "/app/coverage/"),
    ("zi_secretariat", "/app/units/"),
    ("administrator", "/app/people/"),
]
SAVE = ("complaint_coordinator", "/app/complaints/{complaint}/note/")


def copied(row: Any, **changes: Any) -> Any:
    """The same row once more; what must be unique and is not given is drawn anew."""
    fresh = copy.copy(row)
    fresh._state = copy.copy(row._state)
    fresh._state.fields_cache = {}
    fresh.pk, fresh._state.adding = None, True
    for field in row._meta.concrete_fields:
        if field.unique and not field.primary_key:
            is_uuid = field.get_internal_type() == "UUIDField"
            setattr(fresh, field.name, uuid4() if is_uuid else field.get_default())
    for name, value in changes.items():
        setattr(fresh, name, value)
    fresh.save(force_insert=True)
    return fresh


def multiply(government: Any) -> None:
    from assessments.models import Activity, ActivityReport, IntegrityZone, WorkPlan
    from complaints.models import Complaint
    from opd.models import Unit, UnitName

    below: dict[type, tuple[Any, str]] = {Unit: (IntegrityZone, "unit")}
    below |= {IntegrityZone: (WorkPlan, "zone"), WorkPlan: (Activity, "plan")}
    below[Activity] = (ActivityReport, "activity")

    def branch(given: Any, fresh: Any) -> None:
        if type(given) in below:
            model, link = below[type(given)]
            for row in model._default_manager.filter(**{link: given}).order_by("pk"):
                branch(row, copied(row, **{link: fresh}))

    for unit in list(Unit.objects.filter(government=government).order_by("pk")):
        for turn in range(1, COPIES + 1):
            fresh = copied(unit, name=f"{unit.name} {turn}")
            for old in UnitName.objects.filter(unit=unit):
                copied(old, unit=fresh)
            branch(unit, fresh)
            for row in Complaint.objects.filter(unit=unit):
                key, serial = f"{turn:02}{row.pk:030}", 10_000 * turn + row.number
                copied(row, unit=fresh, number=serial, draft_key=key, code_hash=key * 2)


class Portal:
    def __init__(self, government: Any) -> None:
        from complaints.models import Complaint

        self.government = government
        complaints = Complaint.objects.filter(government=government, state="in_progress")
        number = complaints.order_by("pk")[0].pk
        self.addresses = {p: p[1].format(complaint=number) for p in [REFERENCE, *PAGES, SAVE]}
        self.clients = {role: self._signed_in(role) for role, _url in self.addresses}

    def _signed_in(self, role: str) -> Any:
        from django.test import Client

        from opd.models import Membership

        office = Membership.objects.filter(government=self.government, role=role)[0]
        client = Client()
        client.force_login(office.user, backend="opd.identity.LoginIdentifierBackend")
        return client

    def seconds(self, page: tuple[str, str]) -> float:
        client, url = self.clients[page[0]], self.addresses[page]
        begun = CLOCK()
        response = client.post(url, {"text": begun}) if page == SAVE else client.get(url)
        spent = CLOCK() - begun
        if response.status_code != (302 if page == SAVE else 200):
            raise SystemExit(f"{page[0]} asked for {url} and got {response.status_code}")
        return spent

    def multiples(self) -> dict[tuple[str, str], float]:
        """Each time by that of the status page just before it; medians over the rounds."""
        pages = [*PAGES, SAVE]
        rounds = [[self.by_reference(page) for page in pages] for _ in range(ROUNDS + 1)]
        columns = zip(*rounds[1:], strict=True)  # The first round warms up.
        return dict(zip(pages, map(statistics.median, columns), strict=True))

    def by_reference(self, page: tuple[str, str]) -> float:
        base = self.seconds(REFERENCE)
        return self.seconds(page) / base


def main() -> None:
    import django

    django.setup()
    from django.db import connection, transaction

    from opd.models import Government

    with transaction.atomic():
        portal = Portal(Government.objects.get(slug="kota-contoh"))
        demo = portal.multiples()
        multiply(portal.government)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        ten = portal.multiples()
        transaction.set_rollback(True)
    for page, before in sorted(demo.items(), key=lambda item: item[1] / ten[item[0]]):
        growth = ten[page] / before
        told = f"{before:5.2f} {ten[page]:5.2f} {growth:5.2f}"
        mark = "" if growth <= BUDGET else " over"
        sys.stdout.write(f"{told}  {page[0]} {page[1]}{mark}\n")


if __name__ == "__main__":
    main()

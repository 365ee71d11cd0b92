"""Server time of signed-in pages and of one save, on the demonstration and on ten times as much.

    DJANGO_SETTINGS_MODULE=integrity_portal.settings.test python benchmarks/pages.py

Needs the demonstration's rows (`manage.py load_demo`) in the database that DATABASE_URL names. All
runs in this process with Django's test client: no network, no template compiled twice. Every page
is divided by the IT team's status page of the same round, so only ratios come out: `demo` and
`ten_times` are multiples of that page, `growth` is the one divided by the other, `queries` counts
both. Ten times means: nine copies of every unit of Kota Contoh with its zone, work plans, reports
and complaints, in a transaction that is rolled back at the end. ROUNDS=5 is quicker.
"""

import copy
import json
import os
import platform
import statistics
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
ROUNDS = int(os.environ.get("ROUNDS", "15"))
COPIES = 9
GOVERNMENT = "kota-contoh"
BUDGET = 1.5
REFERENCE = ("it_team", "opd:status", "")
PAGES = [
    ("mayor", "reports:mayor", ""),
    ("sekda", "reports:sekda", ""),
    ("mayor", "reports:documents", ""),
    ("complaint_coordinator", "complaints:list", ""),
    ("complaint_coordinator", "complaints:list", "?state=all&q=jalan"),
    ("complaint_coordinator", "complaints:detail", "complaint"),
    ("zi_secretariat", "assessments:zones", ""),
    ("zi_secretariat", "assessments:workplans", ""),
    ("zi_secretariat", "assessments:workplan", "plan"),
    ("zi_secretariat", "assessments:coverage", ""),
    ("zi_secretariat", "assessments:declarations", ""),
    ("zi_secretariat", "opd:unit_list", ""),
    ("administrator", "opd:people", ""),
]
SAVE = "note on a complaint"


def copied(row: Any, number: int, **changes: Any) -> Any:
    """The same row once more; what must be unique is given anew."""
    fresh = copy.copy(row)
    fresh._state = copy.copy(row._state)
    fresh._state.fields_cache = {}
    fresh.pk, fresh._state.adding = None, True
    for name, value in changes.items():
        setattr(fresh, name, value)
    if hasattr(fresh, "public_id"):
        fresh.public_id = f"{number:06}{row.public_id[6:]}"
    fresh.save(force_insert=True)
    return fresh


def multiply(government: Any) -> None:
    from assessments.models import Activity, ActivityReport, IntegrityZone, WorkPlan
    from complaints.models import Complaint
    from opd.models import Unit, UnitName

    def branch(parent: Any, fresh: Any, number: int) -> None:
        """Zone → plan → activity → report, each below its own copy."""
        below = {
            Unit: [(IntegrityZone, "unit")],
            IntegrityZone: [(WorkPlan, "zone")],
            WorkPlan: [(Activity, "plan")],
            Activity: [(ActivityReport, "activity")],
        }.get(type(parent), [])
        for model, link in below:
            for row in model._default_manager.filter(**{link: parent}).order_by("pk"):
                branch(row, copied(row, number, **{link: fresh}), number)

    for unit in list(Unit.objects.filter(government=government).order_by("pk")):
        for number in range(1, COPIES + 1):
            said = {"name": f"{unit.name} {number}", "short_name": "", "code": ""}
            given = {name: value for name, value in said.items() if hasattr(unit, name)}
            fresh = copied(unit, number, **given)
            for name in UnitName.objects.filter(unit=unit):
                copied(name, number, unit=fresh, name=f"{name.name} {number}")
            branch(unit, fresh, number)
            for complaint in Complaint.objects.filter(unit=unit):
                key = f"{number:02}{complaint.pk:030}"
                serial = 10_000 * number + complaint.number
                copied(
                    complaint, number, unit=fresh, number=serial, draft_key=key, code_hash=key * 2
                )


class Portal:
    """Signed-in clients of Kota Contoh, and the address of each page."""

    def __init__(self, government: Any) -> None:
        from assessments.models import WorkPlan
        from complaints.models import Complaint

        self.government = government
        self.clients: dict[str, Any] = {}
        open_ones = Complaint.objects.filter(government=government, state="in_progress")
        self.complaint = open_ones.order_by("pk")[0].pk
        self.rows = {
            "complaint": self.complaint,
            "plan": WorkPlan.objects.filter(government=government).order_by("pk")[0].pk,
        }

    def client(self, role: str) -> Any:
        from django.test import Client

        from opd.models import Membership

        if role not in self.clients:
            office = Membership.objects.filter(government=self.government, role=role)[0]
            client = Client()
            client.force_login(office.user, backend="opd.identity.LoginIdentifierBackend")
            self.clients[role] = client
        return self.clients[role]

    def seconds(self, role: str, name: str, rest: str) -> float:
        from django.urls import reverse

        row = self.rows.get(rest)
        url = reverse(name, args=[row] if row else []) + ("" if row else rest)
        client, begun = self.client(role), time.perf_counter()
        response = client.get(url)
        spent = time.perf_counter() - begun
        if response.status_code != 200:
            raise SystemExit(f"{url} answered {response.status_code} to {role}")
        return spent

    def save(self, word: str) -> float:
        from django.urls import reverse

        url = reverse("complaints:step_of", args=[self.complaint, "note"])
        client, begun = self.client("complaint_coordinator"), time.perf_counter()
        response = client.post(url, {"text": f"Catatan {word}"})
        spent = time.perf_counter() - begun
        if response.status_code != 302:
            raise SystemExit(f"the note was answered with {response.status_code}")
        return spent

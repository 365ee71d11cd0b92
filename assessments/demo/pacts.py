"""Pakta integritas of the invented government: one unit complete, one nearly, one hardly begun."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import NAMESPACE_URL, uuid5

from django.core.files.uploadedfile import SimpleUploadedFile

from assessments.actions import pacts as actions
from assessments.demo.workplans import DISCLAIMER, find_unit, small_pdf
from assessments.queries.pacts import signers
from integrity_portal.core.files import EVIDENCE, receive
from integrity_portal.core.models import StoredFile
from opd.enums import Role
from opd.models import Government, Membership

# How many of a unit's people have signed; the others are to be seen as missing.
SIGNED = {"Dispendukcapil": 99, "DPMPTSP": 17, "Kecamatan Utara": 2}


def _scan(by: Membership, unit: str) -> StoredFile:
    lines = ["Daftar pakta integritas (contoh)", unit, DISCLAIMER]
    upload = SimpleUploadedFile("Pakta integritas.pdf", small_pdf(lines))
    return receive(
        upload, rule=EVIDENCE, kind="pact", government_id=by.government_id, by_user_id=by.user_id
    )


def load(today: date) -> None:
    for government in Government.objects.filter(is_sample=True).order_by("pk"):
        by = Membership.objects.select_related("government", "unit").get(
            government=government, role=Role.ZI_SECRETARIAT
        )
        for name, number in SIGNED.items():
            unit = find_unit(government, name)
            posts = [
                post
                for post in signers(unit, year=today.year, today=today, missing=True)
                if post.employee.name.startswith("Pegawai Contoh")
            ]
            actions.record_pacts(
                by=by,
                unit=unit,
                year=today.year,
                post_ids=[post.pk for post in posts[:number]],
                heads=[],
                signed_on=max(date(today.year, 1, 1), today - timedelta(days=30)),
                scan=_scan(by, unit.label),
                form_key=uuid5(NAMESPACE_URL, f"{unit.public_id}/pacts"),
                now=datetime.combine(today, time(1), UTC),
            )

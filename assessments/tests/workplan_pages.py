"""What the tests of work-plan pages share: plans, words of a page, data of the forms."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.demo.workplans import small_pdf
from assessments.models import ActivityReport, WorkPlan
from assessments.queries.workplans import fingerprint
from assessments.tests.factories import IntegrityZoneFactory, WorkPlanFactory
from opd.models import Unit

SignIn = Callable[..., Client]
TODAY = timezone.localdate


def make_plan(unit: Unit, year: int | None = None) -> WorkPlan:
    return WorkPlanFactory(zone=IntegrityZoneFactory(unit=unit), year=year or TODAY().year)


def url(name: str, pk: int | None = None) -> str:
    return reverse(f"assessments:{name}", args=[] if pk is None else [pk])


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def pdf(name: str = "bukti.pdf", text: str = "bukti") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, small_pdf([text]))


def report_data(**changed: Any) -> dict[str, Any]:
    return {
        "form_key": str(uuid4()),
        "version": "0",
        "percent": "62,5",
        "note": "Rapat selesai.",
        "send": "ya",
        **changed,
    }


def decision(report: ActivityReport, **values: Any) -> dict[str, Any]:
    """What a head's form sends who was shown the report as it is now."""
    return {"shown": fingerprint(ActivityReport.objects.get(pk=report.pk)), **values}


def activity_data(**changed: Any) -> dict[str, Any]:
    return {
        "form_key": str(uuid4()),
        "version": "1",
        "area": "3",
        "title": "Menyosialisasikan kode etik",
        "milestone": "Ditandatangani",
        "due_on": f"30 September {TODAY().year}",
        "responsible": "Ketua Pokja 3",
        "position": "",
        **changed,
    }

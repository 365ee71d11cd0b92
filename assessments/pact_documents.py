"""The pakta integritas as PDF: one employee's, and the list of a unit."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models import IntegrityPact
from assessments.pact_texts import text_of
from assessments.queries import pacts as queries
from integrity_portal.core.documents.registry import ChapterSpec, DocumentKind, register
from integrity_portal.core.models import Document
from opd.documents import frame_of
from opd.models import EmployeePost, Unit
from opd.permissions import may_read_roster

ONE_TEMPLATE = "assessments/documents/pact.html"
LIST_TEMPLATE = "assessments/documents/pact_list.html"


def one_chapters(document: Document) -> list[ChapterSpec]:
    pact = IntegrityPact.objects.select_related("employee", "batch").get(
        pk=document.params["pact"], government_id=document.government_id
    )
    return [pact_chapter(pact)]


def pact_chapter(pact: IntegrityPact) -> ChapterSpec:
    post = (
        EmployeePost.objects.filter(employee=pact.employee, valid_from__lte=pact.signed_on)
        .select_related("unit")
        .order_by("-valid_from", "-pk")
        .first()
    )
    return ChapterSpec(
        key="pact",
        title="Pakta Integritas",
        template=ONE_TEMPLATE,
        context={
            "pact": pact,
            "employee": pact.employee,
            "post": post,
            "text": text_of(pact.text_code, pact.wording),
        },
    )


def list_chapters(document: Document) -> list[ChapterSpec]:
    unit = Unit.objects.get(pk=document.params["unit"], government_id=document.government_id)
    day = date.fromisoformat(document.params["day"])
    return [list_chapter(unit, document.params["year"], day)]


def list_chapter(unit: Unit, year: int, today: date) -> ChapterSpec:
    rows = queries.as_signers(list(queries.signers(unit, year=year, today=today)))
    return ChapterSpec(
        key="pacts",
        title=f"Daftar Pakta Integritas {year}",
        template=LIST_TEMPLATE,
        context={
            "unit": unit,
            "year": year,
            "today": today,
            "count": queries.unit_count(unit, year=year, today=today),
            "rows": sorted(rows, key=lambda row: (row.post.employee.name, row.post.pk)),
        },
    )


def may_read_one(membership: Any, document: Document) -> bool:
    """Oneself, and whoever may see the name."""
    return (
        queries.pacts_in_scope(membership, timezone.localdate())
        .filter(pk=document.params["pact"])
        .exists()
    )


def may_read_list(membership: Any, document: Document) -> bool:
    unit = Unit.objects.filter(pk=document.params["unit"]).first()
    return unit is not None and may_read_roster(membership, unit)


def readable_ones(membership: Any, documents: list[Document]) -> list[Document]:
    asked = [row.params["pact"] for row in documents]
    known = set(
        queries.pacts_in_scope(membership, timezone.localdate())
        .filter(pk__in=asked)
        .values_list("pk", flat=True)
    )
    return [row for row in documents if row.params["pact"] in known]


def readable_lists(membership: Any, documents: list[Document]) -> list[Document]:
    units = Unit.objects.in_bulk([row.params["unit"] for row in documents])
    return [
        row
        for row in documents
        if (unit := units.get(row.params["unit"])) and may_read_roster(membership, unit)
    ]


def register_kinds() -> None:
    register(
        DocumentKind(
            name=queries.ONE_PACT,
            label=_("Pakta integritas of an employee"),
            chapters=one_chapters,
            may_read=may_read_one,
            readable=readable_ones,
            frame=frame_of,
        )
    )
    register(
        DocumentKind(
            name=queries.UNIT_LIST,
            label=_("List of pakta integritas of a unit"),
            chapters=list_chapters,
            may_read=may_read_list,
            readable=readable_lists,
            frame=frame_of,
        )
    )

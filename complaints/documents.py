"""The monthly report over both channels as PDF; registered with core's engine when ready."""

from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.utils import dateformat
from django.utils.translation import gettext_lazy as _

from complaints.models import MonthlyReport
from complaints.permissions import keeps_other_systems, reads_monthly_report
from complaints.queries.monthly import BOTH, DOCUMENT_KIND, LAPOR, PORTAL
from integrity_portal.core.charts import Bar, BarChart, Chart, Tone
from integrity_portal.core.documents.registry import ChapterSpec, DocumentKind, register
from integrity_portal.core.models import Document
from opd.documents import frame_of

TEMPLATE = "complaints/documents/monthly.html"
# Official texts; Indonesian in every language of the screen.
SIDES = {
    PORTAL: "Kanal sendiri saja",
    LAPOR: "SP4N-LAPOR! saja",
    BOTH: "Kanal sendiri dan SP4N-LAPOR!",
}
TABLES = {
    "unit": "Menurut unit",
    "kind": "Menurut jenis",
    "channel": "Menurut kanal",
    "category": "Menurut kategori",
    "region": "Menurut wilayah",
}
MONTHS = [
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
]
# A chart is read, a table is looked up in.
DRAWN = 12


def month_words(month: date) -> str:
    return dateformat.format(month, "F Y")


def chapters(document: Document) -> list[ChapterSpec]:
    """One chapter, from nothing but what the report has kept."""
    report = MonthlyReport.objects.get(
        pk=document.params["report"], government_id=document.government_id
    )
    content = revived(report.content)
    return [
        ChapterSpec(
            key="monthly",
            title=f"Laporan pengaduan {month_words(content['month'])}",
            template=TEMPLATE,
            context={**shown(content), "sha256": report.sha256},
        )
    ]


def shown(content: dict[str, Any]) -> dict[str, Any]:
    """What page and paper say, from the figures as they are kept."""
    return {
        "content": content,
        "month": month_words(content["month"]),
        "sides": [
            {"label": SIDES[row["label"]], "figures": row["figures"]} for row in content["sides"]
        ],
        "tables": [(code, TABLES[code], content["groups"][code]) for code in TABLES],
        "bands": bands_of(content["open"]),
        "chart": unit_chart(content["groups"]["unit"]),
    }


def bands_of(found: dict[str, Any]) -> list[tuple[str, int]]:
    limits = found["limits"]
    words = [f"sampai {limits[0]} hari kerja"]
    words += [f"{low + 1}–{high} hari kerja" for low, high in pairwise(limits)]
    words.append(f"lebih dari {limits[-1]} hari kerja")
    return list(zip(words, found["bands"], strict=True))


def unit_chart(rows: list[dict[str, Any]]) -> Chart | None:
    """Units with enough complaints to judge, the worst first; none while there are none."""
    judged = [row for row in rows if row["figures"]["share"] is not None][:DRAWN]
    if not judged:
        return None
    return BarChart(
        title="Dijawab tepat waktu menurut unit, terburuk di atas",
        bars=[Bar(row["label"], row["figures"]["share"], Tone.NONE) for row in judged],
        label_header="Unit",
        value_header="Tepat waktu",
        unit="%",
        places=0,
        maximum=Decimal(100),
    ).draw()


def revived(content: dict[str, Any]) -> dict[str, Any]:
    """Days, moments and shares as such again."""
    return {
        **content,
        "month": date.fromisoformat(content["month"]),
        "as_of": datetime.fromisoformat(content["as_of"]),
        "total": _figures(content["total"]),
        "sides": _rows(content["sides"]),
        "groups": {code: _rows(rows) for code, rows in content["groups"].items()},
    }


def _rows(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**row, "figures": _figures(row["figures"])} for row in rows]


def _figures(found: dict[str, Any]) -> dict[str, Any]:
    numbers = {
        name: None if found[name] is None else Decimal(found[name]) for name in ("share", "median")
    }
    return {**found, **numbers}


def may_read(membership: Any, document: Document) -> bool:
    return bool(
        reads_monthly_report(membership) and membership.government_id == document.government_id
    )


def may_request(membership: Any, variant: str) -> bool:
    return keeps_other_systems(membership)


def register_kinds() -> None:
    register(
        DocumentKind(
            name=DOCUMENT_KIND,
            label=_("Monthly report on complaints"),
            chapters=chapters,
            may_read=may_read,
            may_request=may_request,
            audience=reads_monthly_report,
            frame=frame_of,
        )
    )

"""The figures of the head's report (LKPJ) as a PDF, and the picture that page and PDF share."""

from collections import defaultdict
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _, gettext_lazy

from assessments.models import Plan
from assessments.permissions import reads_plan_figures
from assessments.plan_excel_out.lkpj import notes
from assessments.queries.head_report import DOCUMENT_KIND, HeadReport, HeadRow, head_report
from assessments.queries.plan_exports import readable_plans
from integrity_portal.core.charts import Bar, BarChart, Chart, Tone
from integrity_portal.core.charts.parts import tone_legend
from integrity_portal.core.documents.registry import ChapterSpec, DocumentKind, register
from integrity_portal.core.models import Document
from opd.documents import frame_of

TEMPLATE = "assessments/documents/head_report.html"


def head_chart(report: HeadReport) -> Chart:
    """Bars by achievement, the worst first; what has no figure is named, not drawn as zero."""
    known = sorted(
        (row for row in report.rows if row.percent is not None),
        key=lambda row: row.percent or Decimal(0),
    )
    empty = ", ".join(row.indicator.name for row in report.rows if row.percent is None)
    cap = report.plan.cap
    chart = BarChart(
        title=_("Achievement %(year)s, the lowest first") % {"year": report.year},
        bars=[_bar(row) for row in known],
        label_header=_("Indicator"),
        value_header=_("Achievement"),
        unit="%",
        threshold=Decimal(100) if cap is None else cap,
        threshold_label=_("Target reached") if cap in (None, 100) else _("Counted at most"),
        sentence=_("Without achievement: %(names)s.") % {"names": empty} if empty and known else "",
    ).draw()
    return replace(chart, legend=_legend(report))


def _legend(report: HeadReport) -> tuple[SafeString, ...]:
    """Two bands may share a colour and a shape: the legend names both."""
    words: dict[Tone, list[str]] = defaultdict(list)
    for each in report.counts:
        if each.count:
            words[each.band.tone].append(str(each.band.name))
    return tone_legend((tone, " / ".join(names)) for tone, names in words.items())


def _bar(row: HeadRow) -> Bar:
    band = row.this.band
    tone, word = (band.tone, str(band.name)) if band else (Tone.NONE, "")
    return Bar(row.indicator.name, row.percent, tone, word)


def chapters(document: Document) -> list[ChapterSpec]:
    """As of the day on which it was asked for."""
    asked = document.params
    plan = Plan.objects.get(pk=asked["plan"], government_id=document.government_id)
    day = date.fromisoformat(asked["on"])
    return [head_chapter(head_report(plan, year=asked["year"], level=asked["level"], on=day))]


def head_chapter(report: HeadReport) -> ChapterSpec:
    return ChapterSpec(
        key="lkpj",
        title=f"Capaian {report.level_label} Tahun {report.year}",
        template=TEMPLATE,
        context={"report": report, "chart": head_chart(report), "notes": notes(report)},
    )


def may_read(membership: Any, document: Document) -> bool:
    """Whoever may read the plan itself."""
    return bool(readable(membership, [document]))


def readable(membership: Any, documents: list[Document]) -> list[Document]:
    """The same for a list of documents, in one query."""
    if not reads_plan_figures(membership):
        return []
    known = readable_plans(membership, {row.params["plan"] for row in documents})
    return [row for row in documents if row.params["plan"] in known]


def register_kinds() -> None:
    register(
        DocumentKind(
            name=DOCUMENT_KIND,
            label=gettext_lazy("Figures of the head's report (LKPJ)"),
            chapters=chapters,
            may_read=may_read,
            readable=readable,
            audience=reads_plan_figures,
            frame=frame_of,
        )
    )

"""The four papers of a monev meeting as PDF; registered with core's engine in AppConfig.ready."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from assessments.documents import government_frame
from assessments.enums import Light, PaperVariant
from assessments.models import MonevPaper
from assessments.monev_periods import calendar
from assessments.permissions import reads_plans, writes_plans
from assessments.queries.monev import DOCUMENT_KIND
from integrity_portal.core.charts import Bar, BarChart, Chart, Tone
from integrity_portal.core.documents.registry import ChapterSpec, DocumentKind, Frame, register
from integrity_portal.core.models import Document

TEMPLATES = "assessments/documents/monev"
TITLES = {
    PaperVariant.REPORT: "Laporan Monitoring dan Evaluasi Pembangunan Zona Integritas",
    PaperVariant.MINUTES: "Notulen Rapat Monitoring dan Evaluasi",
    PaperVariant.ATTENDANCE: "Daftar Hadir Rapat Monitoring dan Evaluasi",
    PaperVariant.MATRIX: "Matriks Tindak Lanjut Monitoring dan Evaluasi",
}
LIGHT_WORDS = {
    Light.DONE: "Selesai",
    Light.ON_TIME: "Sesuai jadwal",
    Light.DUE_SOON: "Segera jatuh tempo",
    Light.WAITING: "Menunggu kepala unit",
    Light.RETURNED: "Dikembalikan, perlu perbaikan",
    Light.LATE: "Terlambat",
}
DAYS = ("held_on", "ends_on", "taken_on", "as_of", "due_on")
MOMENTS = ("taken_at", "confirmed_at")


def chapters(document: Document) -> list[ChapterSpec]:
    """One chapter, from nothing but what the paper has kept."""
    paper = MonevPaper.objects.get(
        pk=document.params["paper"], government_id=document.government_id
    )
    return [chapter_of(paper.variant, paper.content)]


def chapter_of(variant: str, content: dict[str, Any]) -> ChapterSpec:
    kind = PaperVariant(variant)
    paper = revived(content)
    context: dict[str, Any] = {"paper": paper, "heading": TITLES[kind], "words": _period(paper)}
    if kind == PaperVariant.REPORT:
        context["chart"] = area_chart(paper)
        context["lights"] = {light.value: word for light, word in LIGHT_WORDS.items()}
    return ChapterSpec(
        key=kind.value,
        title=TITLES[kind],
        template=f"{TEMPLATES}/{kind.value}.html",
        context=context,
    )


def _period(paper: dict[str, Any]) -> str:
    words: str = calendar().period(paper["period"]).words.text_id
    return words


def revived(value: Any, name: str = "") -> Any:
    """The content with its days, moments and percents as such again."""
    if isinstance(value, dict):
        rows = {key: revived(each, key) for key, each in value.items()}
        if "light" in rows:
            rows["light_word"] = LIGHT_WORDS.get(Light(rows["light"]), "")
            rows["tone"] = Light(rows["light"]).tone
        return rows
    if isinstance(value, list):
        return [revived(each) for each in value]
    read: Callable[[Any], Any] | None = None
    if name in DAYS:
        read = date.fromisoformat
    elif name in MOMENTS:
        read = datetime.fromisoformat
    elif name in ("percent", "before"):
        read = Decimal
    return read(value) if read and value else value


def area_chart(paper: dict[str, Any]) -> Chart:
    """Confirmed progress by area; an area without an activity is named, not drawn as zero."""
    with_rows = [area for area in paper["areas"] if area["percent"] is not None]
    empty = [area["name"] for area in paper["areas"] if area["percent"] is None]
    return BarChart(
        title="Capaian terkonfirmasi menurut area perubahan",
        bars=[
            Bar(f"{area['code']}. {area['name']}", area["percent"], Tone.NONE) for area in with_rows
        ],
        label_header="Area perubahan",
        value_header="Capaian",
        unit="%",
        places=2,
        maximum=Decimal(100),
        sentence=f"Belum ada kegiatan di area: {', '.join(empty)}." if empty and with_rows else "",
    ).draw()


def may_read(membership: Any, document: Document) -> bool:
    """Whoever may read the plan itself."""
    return bool(readable(membership, [document]))


def readable(membership: Any, documents: list[Document]) -> list[Document]:
    """The same for a list of documents, in one query."""
    if not reads_plans(membership):
        return []
    asked = {row.params["paper"] for row in documents}
    known = set(
        MonevPaper.objects.visible_to(membership).filter(pk__in=asked).values_list("pk", flat=True)
    )
    return [row for row in documents if row.params["paper"] in known]


def may_request(membership: Any, variant: str) -> bool:
    """Operators and heads of units; for which meeting, the action checks."""
    return writes_plans(membership)


def frame(document: Document) -> Frame:
    paper = MonevPaper.objects.select_related("government").get(pk=document.params["paper"])
    issued = government_frame(paper.government)
    return Frame(
        issuer=issued.issuer,
        programme=paper.content["unit"],
        address=issued.address,
        time_zone=issued.time_zone,
        primary_colour=issued.primary_colour,
        accent_colour=issued.accent_colour,
        is_sample=issued.is_sample,
    )


def register_kinds() -> None:
    register(
        DocumentKind(
            name=DOCUMENT_KIND,
            label=_("Paper of a monev meeting"),
            chapters=chapters,
            may_read=may_read,
            readable=readable,
            may_request=may_request,
            audience=reads_plans,
            frame=frame,
        )
    )

"""What the style guide shows: each piece once, with invented content. Served locally only."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils.translation import gettext_lazy as _

from integrity_portal.core import charts, forms as portal
from integrity_portal.core.charts import Tone

UNITS = (
    ("Kecamatan Utara", 38, Tone.BAD),
    ("Dinas Sosial", 52, Tone.WARN),
    ("RSUD Contoh", 61, Tone.WARN),
    ("Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu", 77, Tone.GOOD),
    ("Dispendukcapil", 88, Tone.GOOD),
)
WORDS = {Tone.BAD: _("Behind"), Tone.WARN: _("Needs attention"), Tone.GOOD: _("On track")}


class SampleForm(forms.Form):
    name = portal.NameField(label=_("Name"))
    story = portal.LongTextField(
        label=_("What happened?"), help_text=_("Tell it in your own words."), limit=2000
    )
    when = portal.DateField(label=_("Date"), help_text=_("For example 21 November 2026."))
    share = portal.PercentField(label=_("Progress"), required=False)
    budget = portal.RupiahField(label=_("Budget"), required=False)
    state = portal.RadioField(
        label=_("Which describes it best?"),
        choices=[
            ("a", _("All of it is done")),
            ("b", _("Part of it is done")),
            ("c", _("Nothing yet")),
        ],
    )
    unit = portal.SelectField(label=_("Unit"), choices=[("", _("Choose from the list"))])
    file = portal.FileField(label=_("Evidence"), kinds=_("PDF or picture"), required=False)
    unknown = forms.BooleanField(
        label=_("I do not know the unit"), help_text=_("We will pass it on."), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = portal.PortalFormHelper(submit=_("Save"))


def _bar() -> charts.Chart:
    return charts.BarChart(
        title=str(_("Units on their way, weakest first")),
        bars=[
            charts.Bar(name, Decimal(value), tone, str(WORDS[tone])) for name, value, tone in UNITS
        ],
        places=0,
        maximum=Decimal(100),
        threshold=Decimal(75),
        sentence=str(_("Three of five units are below the threshold.")),
    ).draw()


def _stacked() -> charts.Chart:
    rows = (
        ("Dispendukcapil", (41, 6, 1)),
        ("Kecamatan Utara", (12, 4, 9)),
        ("Dinas Sosial", (8, 3, 0)),
    )
    return charts.StackedBarChart(
        title=str(_("Complaints by state")),
        series=[str(_("Answered")), str(_("In progress")), str(_("Overdue"))],
        tones=[Tone.GOOD, Tone.WARN, Tone.BAD],
        rows=[charts.StackedRow(name, [Decimal(v) for v in values]) for name, values in rows],
    ).draw()


def _line() -> charts.Chart:
    ours = (None, "64.2", "66.9", "70.4", "71.84", None)
    others = ("61.0", "61.5", None, "63.2", "64", "64.8")
    return charts.LineChart(
        title=str(_("Score over the quarters")),
        periods=["TW I 2025", "TW II 2025", "TW III 2025", "TW IV 2025", "TW I 2026", "TW II 2026"],
        lines=[
            charts.Line("DPMPTSP", [None if v is None else Decimal(v) for v in ours]),
            charts.Line(str(_("All units")), [None if v is None else Decimal(v) for v in others]),
        ],
        target=Decimal(75),
        from_zero=False,
    ).draw()


def _target() -> charts.Chart:
    rows = (
        ("Tingkat kemiskinan", "7.15", "6.80", "%", Tone.BAD),
        ("Indeks Pembangunan Manusia", "80.44", "80.10", "", Tone.GOOD),
        ("Pertumbuhan ekonomi", "4.9", "5.3", "%", Tone.WARN),
    )
    return charts.TargetChart(
        title=str(_("Reached against promised")),
        targets=[
            charts.Target(name, Decimal(actual), Decimal(goal), unit, 2, tone, str(WORDS[tone]))
            for name, actual, goal, unit, tone in rows
        ],
    ).draw()


def _heat() -> charts.Chart:
    def cell(value: int) -> charts.HeatCell:
        tone = Tone.GOOD if value >= 75 else Tone.WARN if value >= 50 else Tone.BAD
        return charts.HeatCell(Decimal(value), tone, str(WORDS[tone]))

    return charts.HeatTable(
        title=str(_("Six areas of change")),
        columns=["I", "II", "III", "IV", "V", "VI"],
        rows=[
            charts.HeatRow("Kecamatan Utara", [cell(v) for v in (40, 55, 62, 38, 20, 51)]),
            charts.HeatRow("DPMPTSP", [cell(v) for v in (80, 91, 77, 74, 68)]),
        ],
    ).draw()


def _scatter() -> charts.Chart:
    rows = (("DPMPTSP", 71, 87, 1), ("RSUD Contoh", 77, 71, 2), ("Dinas Sosial", 60, 60, 3))
    others = (("Inspektorat", 6, 90), ("Setda", 38, 65), ("Disdik", 83, 40), ("Setwan", 25, 40))
    return charts.ScatterChart(
        title=str(_("Vulnerability and readiness, 0 to 100")),
        x_label="Kerawanan",
        y_label="Kesiapan",
        points=[
            *(charts.Point(name, Decimal(x), Decimal(y), number) for name, x, y, number in rows),
            *(charts.Point(name, Decimal(x), Decimal(y)) for name, x, y in others),
        ],
        corners=charts.Corners(
            "Siap, kurang rawan", "Rawan dan siap", "Kurang rawan, belum siap", "Rawan, belum siap"
        ),
        named=str(_("chosen")),
        others=str(_("other units")),
    ).draw()


def pieces(data: Any = None) -> dict[str, Any]:
    """The context of `styleguide.html`."""
    wrong = SampleForm(
        {"name": "Siti", "story": "", "when": "31/02/2026", "share": "120", "budget": "1,234.56"}
    )
    return {
        "form": wrong,
        "fresh": SampleForm(
            prefix="fresh", initial={"when": date(2026, 11, 21), "share": Decimal("71.5")}
        ),
        "charts": [_bar(), _stacked(), _line(), _target(), _heat(), _scatter()],
        "empty_chart": charts.BarChart(title=str(_("An empty chart")), bars=[]).draw(),
        "units": [(name, Decimal(value), tone.value, WORDS[tone]) for name, value, tone in UNITS],
        "facts": [(_("Unit"), "DPMPTSP"), (_("Predicate"), "WBK 2022"), (_("Note"), "")],
        "events": [
            {"title": _("Received"), "at": "21 November 2026, 10.42 WIB", "done": True},
            {
                "title": _("Passed on to the unit"),
                "at": "25 November 2026",
                "word": _("Next"),
                "tone": "info",
            },
            {"title": _("Answered"), "at": "10 Desember 2026", "text": ""},
        ],
        "page_obj": Paginator(range(400), 20).page(7),
        "breadcrumbs": [
            {"label": _("Home"), "url": "#"},
            {"label": "LKE 2026", "url": "#"},
            {"label": _("Style guide"), "url": ""},
        ],
        "is_sample": True,
    }

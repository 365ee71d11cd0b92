"""Words and periods of the pocket books: official Indonesian, whatever the screen's language. Pure.

A book tells how things stood at the end of a period: a quarter of a running year, or a whole year.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from assessments.achievement import Achieved, Aim, Figure, Note
from assessments.achievement_bands import Band
from assessments.enums import Consolidation, Direction, Shape
from assessments.series import QUARTERS, WHOLE_YEAR, Period, quarter_of
from integrity_portal.core.charts import Tone
from integrity_portal.core.formatting import NOTHING, date_id, number_id, percent_id, rupiah

ROMAN = {1: "I", 2: "II", 3: "III", 4: "IV"}
MOST_PLACES = 3
MONEY = frozenset({"rp", "rupiah"})
NO_FIGURE_WORD = "Belum ada realisasi terverifikasi"
NO_TARGET_WORD = "Belum ada target"
NOT_JUDGED_WORD = "Belum dapat dinilai"

NOTES = {
    Note.NO_TARGET: "Target tahun ini belum ditetapkan.",
    Note.NO_FIGURE: "Belum ada realisasi yang diverifikasi.",
    Note.NO_CASES: "Tidak ada kasus pada periode ini, sehingga tidak ada persentasenya.",
    Note.NO_WHOLE: "Penyebutnya nol; mintalah perencana memeriksanya.",
    Note.ZERO_TARGET: "Targetnya nol: hanya ada tercapai atau tidak tercapai.",
    Note.FLOOR: "Realisasi lebih dari dua kali target, sehingga capaiannya 0 %.",
    Note.NEGATIVE: "Realisasi di bawah nol, sehingga capaiannya 0 %.",
    Note.NEGATIVE_BETTER: "Realisasi di bawah nol, lebih baik daripada target.",
    Note.MANUAL_NEEDED: "Target di bawah nol: perencana belum menetapkan persentasenya.",
    Note.MANUAL: "Target di bawah nol: persentasenya ditetapkan perencana.",
    Note.MANUAL_UNUSED: "Persentase dari rumus yang dipakai.",
    Note.NOT_DUE: "Tanggal targetnya belum tiba.",
    Note.LATE: "Terlaksana sesudah tanggal target.",
    Note.OVERDUE: "Tanggal target sudah lewat dan belum terlaksana.",
    Note.NO_DAY: "Sudah terlaksana, tetapi tanggalnya belum dilaporkan.",
    Note.CAPPED: "Capaian di atas batas rencana tidak dihitung.",
}
DIRECTIONS = {
    Direction.HIGHER: "Makin tinggi makin baik.",
    Direction.LOWER: "Makin rendah makin baik.",
}
SHAPES = {
    Shape.RANGE: "Baik bila berada di antara batas bawah dan batas atas.",
    Shape.YES_NO: "Hanya ada ya atau tidak.",
    Shape.DATE: "Baik bila terlaksana paling lambat pada tanggal target.",
}
CONSOLIDATIONS = {
    Consolidation.SUM: "Angka setahun adalah jumlah keempat triwulan.",
    Consolidation.AVERAGE: "Angka setahun adalah rata-rata triwulan.",
    Consolidation.LAST: "Angka setahun adalah angka terakhir yang diketahui.",
    Consolidation.MANUAL: "Angka setahun diisi sekali untuk setahun penuh.",
}
# The index of words, in the order of the alphabet.
GLOSSARY = (
    ("Capaian", "Realisasi dibandingkan dengan target, dalam persen."),
    ("IKU", "Indikator Kinerja Utama: ukuran terpenting daerah atau Perangkat Daerah."),
    ("Indikator", "Ukuran yang menunjukkan apakah suatu tujuan tercapai."),
    ("Kegiatan, subkegiatan", "Bagian program yang dikerjakan dan dibiayai tiap tahun."),
    ("Kondisi awal", "Angka sebelum rencana dimulai; dari sini kemajuan dihitung."),
    ("Lampu", "● baik, ▲ perlu perhatian, ■ tertinggal, ○ belum ada angka."),
    ("Misi", "Hal besar yang dikerjakan pemerintah untuk mewujudkan visi."),
    ("Pagu", "Uang paling banyak yang boleh dipakai dalam setahun."),
    ("Perangkat Daerah (PD)", "Dinas, badan, kecamatan, dan unit lain di pemerintah daerah."),
    ("Program", "Kumpulan kegiatan untuk mencapai satu sasaran."),
    ("Realisasi", "Angka yang benar-benar dicapai."),
    ("RPJMD", "Rencana Pembangunan Jangka Menengah Daerah, untuk lima tahun."),
    ("Sasaran", "Hasil yang harus tercapai agar suatu tujuan terwujud."),
    ("Satuan", "Dalam apa indikator dihitung: persen, orang, indeks, dan sebagainya."),
    ("Target", "Angka yang dijanjikan untuk suatu tahun atau triwulan."),
    ("Terverifikasi", "Sudah diperiksa dan dikunci oleh perencana."),
    ("Triwulan", "Seperempat tahun: Januari–Maret adalah triwulan I, dan seterusnya."),
    ("Tujuan", "Keadaan yang ingin dicapai suatu misi."),
    ("Tupoksi", "Tugas pokok dan fungsi: untuk apa unit itu ada."),
    ("Visi", "Gambaran daerah yang ingin diwujudkan di akhir rencana."),
)


# --- periods ---


def latest_period(first_year: int, last_year: int, today: date) -> Period:
    """The last one that is over: nobody can be measured against a quarter that still runs."""
    if today.year > last_year:
        return last_year, WHOLE_YEAR
    if today.year < first_year:
        return first_year, 1
    over = quarter_of(today) - 1
    if over:
        return today.year, over
    return (today.year - 1, WHOLE_YEAR) if today.year > first_year else (first_year, 1)


def periods(first_year: int, last_year: int, today: date) -> list[Period]:
    """Those that a book may be asked for, newest first."""
    year, quarter = latest_period(first_year, last_year, today)
    newest = quarter or len(QUARTERS)
    found = [(year, quarter), *((year, each) for each in range(newest - 1, 0, -1))]
    for earlier in range(year - 1, first_year - 1, -1):
        found += [(earlier, WHOLE_YEAR), (earlier, 3), (earlier, 2), (earlier, 1)]
    return found


def period_text(period: Period) -> str:
    year, quarter = period
    return f"Triwulan {ROMAN[quarter]} {year}" if quarter else f"Tahun {year}"


def verified_text(year: int, quarter: int) -> str:
    """Up to which quarter a verified figure counts; quarter 0: one of the whole year."""
    if not quarter:
        return f"Terverifikasi untuk tahun {year}"
    return f"Terverifikasi s.d. Triwulan {ROMAN[quarter]} {year}"


def is_within(period: Period, until: Period) -> bool:
    """Whether something of this period was known at the end of `until`."""
    return (period[0], period[1] or 4) <= (until[0], until[1] or 4)


# --- figures in words ---


def number_text(value: Decimal | None, unit: str = "") -> str:
    """With as many decimals as it has, at most three: 0,346 is not 0,35."""
    if value is None:
        return NOTHING
    if unit.strip().lower() in MONEY:
        return rupiah(value)
    exponent = value.normalize().as_tuple().exponent
    places = min(max(-exponent, 0), MOST_PLACES) if isinstance(exponent, int) else 0
    text = number_id(value, places)
    return f"{text}\u00a0{unit}" if unit else text


def aim_text(aim: Aim | None, unit: str = "") -> str:
    if aim is None or aim.is_empty:
        return NOTHING
    if aim.shape is Shape.DATE:
        return date_id(aim.due)
    if aim.shape is Shape.YES_NO:
        return "Ya" if aim.low else "Tidak"
    if aim.shape is Shape.RANGE:
        return f"{number_text(aim.low)}–{number_text(aim.high, unit)}"
    return number_text(aim.low, unit)


def figure_text(shape: str, figure: Figure | None, unit: str = "") -> str:
    if figure is None or figure.is_empty:
        return NOTHING
    if shape == Shape.DATE:
        return date_id(figure.done_on) if figure.done_on else "Belum terlaksana"
    if figure.value is None:
        return NOTHING
    if shape == Shape.YES_NO:
        return "Ya" if figure.value else "Tidak"
    return number_text(figure.value, unit)


@dataclass(frozen=True)
class Light:
    """Never a colour alone: a shape and a word say the same."""

    tone: Tone
    word: str
    percent: str = NOTHING
    notes: tuple[str, ...] = ()

    @property
    def shape(self) -> str:
        return self.tone.shape or "○"


def light_of(achieved: Achieved, band: Band | None) -> Light:
    notes = tuple(NOTES[note] for note in achieved.notes)
    if band is None:
        word = NOT_JUDGED_WORD
        if Note.NO_TARGET in achieved.notes:
            word = NO_TARGET_WORD
        elif Note.NO_FIGURE in achieved.notes:
            word = NO_FIGURE_WORD
        return Light(Tone.NONE, word, notes=notes)
    return Light(band.tone, band.name.text_id, percent_id(achieved.percent), notes)


def rolled_light(percent: Decimal | None, band: Band | None) -> Light:
    if band is None:
        return Light(Tone.NONE, "Belum ada angka")
    return Light(band.tone, band.name.text_id, percent_id(percent))


def direction_text(direction: str, shape: str) -> str:
    """A range, a yes and a day say by themselves what is good."""
    return SHAPES.get(Shape(shape)) or DIRECTIONS[Direction(direction)]


def formula_text(formula: str, factor: Decimal | None, numerator: str, denominator: str) -> str:
    """As it was written, or what is divided by what; a whole sentence."""
    if formula or factor is None:
        text = formula.strip()
        return text if not text or text.endswith((".", "!", "?")) else f"{text}."
    times = "" if factor == 1 else f", dikali {number_text(factor)}"
    return f"{numerator} dibagi {denominator}{times}."

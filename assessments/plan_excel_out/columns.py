"""The columns of the evaluation forms of Permendagri 86/2017, by their official numbers.

Confirmed, from forms that several governments publish or print by program, all alike:

- E.81 (Renja PD): No; Sasaran; Program/Kegiatan; Indikator Kinerja Program (outcome)/Kegiatan
  (output); target Renstra at its end; realised until the year before; target and budget of the
  Renja that is evaluated; realised in quarters I–IV; realised of that Renja; realised of the Renstra
  so far (13 = 6 + 12); level reached of the Renstra in % (14 = 13/5 × 100); responsible unit (15).
- E.60 (RKPD): the same with Kode as column 3, so every number behind it is one higher.
- E.58 (RPJMD): No; Sasaran; Program Prioritas; Indikator; base; target at the end (6); targets of
  the years (7–11), realised of the years (12–16), level reached of the years (17–21), realised at
  the end (22), ratio at the end in % (23).
- K (quantity) and Rp beside each other, the row of numbers between the heads and K/Rp; at the foot
  averages, predicate, faktor pendorong, faktor penghambat, follow-up in the next quarter and in the
  next Renja or RKPD (E.58: next RKPD and next RPJMD), "Disusun" by the head of the unit or of
  Bappeda, "Dievaluasi" by the head of Bappeda (E.81), "Disetujui" by the governor (E.60, E.58 of a
  regency or city).

Added, because readers ask for it and some governments print it: the level reached in the evaluated
year, as 12a (E.81) and 13a (E.60), so that the official numbers stay; unit as 24 (E.58).

Assumed: Keterangan (16) of E.81 stands in some of the published forms and not in others. The forms
write "Tahun Lalu (n-2)" and "Tahun Berjalan (n-1)"; here the years themselves are written. A plan
that is not of five years gets as many columns as it has years, and the numbers run on.
"""

from dataclasses import dataclass

from assessments.queries.plan_exports import Form

QUARTERS = ("I", "II", "III", "IV")
NARROW, TEXT = 5, 26


@dataclass(frozen=True)
class Column:
    """A numbered column; with K and Rp beside each other when it `is_pair`."""

    key: str
    number: str
    head: str
    sub: str = ""
    is_pair: bool = True
    width: int = 9


def e81(form: Form) -> list[Column]:
    year, before, last = form.year, form.year - 1, form.plan.last_year
    return [
        *_names(["No", "Sasaran", "Program/Kegiatan/Subkegiatan"]),
        Column("end", "5", f"Target Renstra Perangkat Daerah pada Tahun {last} (akhir periode)"),
        Column("before", "6", f"Realisasi Capaian Kinerja Renstra s/d Renja Tahun {before}"),
        Column("target", "7", f"Target Kinerja dan Anggaran Renja Tahun {year} yang Dievaluasi"),
        *_quarters(8),
        Column("year", "12", f"Realisasi Capaian Kinerja dan Anggaran Renja Tahun {year}"),
        Column("level", "12a=12/7", f"Tingkat Capaian Renja Tahun {year} (%)"),
        Column("total", "13=6+12", f"Realisasi Kinerja dan Anggaran Renstra s/d Tahun {year}"),
        Column(
            "final",
            "14=13/5x100",
            f"Tingkat Capaian Kinerja dan Realisasi Anggaran Renstra s/d Tahun {year} (%)",
        ),
        Column("unit", "15", "Unit Perangkat Daerah Penanggung Jawab", is_pair=False, width=20),
        Column("notes", "16", "Keterangan", is_pair=False, width=20),
    ]


def e60(form: Form) -> list[Column]:
    year, before, last = form.year, form.year - 1, form.plan.last_year
    return [
        *_names(["No", "Sasaran", "Kode", "Urusan/Program/Kegiatan/Subkegiatan"]),
        Column("end", "6", f"Target RPJMD pada Tahun {last} (akhir periode RPJMD)"),
        Column("before", "7", f"Realisasi Capaian Kinerja RPJMD s/d RKPD Tahun {before}"),
        Column("target", "8", f"Target Kinerja dan Anggaran RKPD Tahun {year} yang Dievaluasi"),
        *_quarters(9),
        Column("year", "13", f"Realisasi Capaian Kinerja dan Anggaran RKPD Tahun {year}"),
        Column("level", "13a=13/8", f"Tingkat Capaian RKPD Tahun {year} (%)"),
        Column("total", "14=7+13", f"Realisasi Kinerja dan Anggaran RPJMD s/d Tahun {year}"),
        Column(
            "final",
            "15=14/6x100",
            f"Tingkat Capaian Kinerja dan Realisasi Anggaran RPJMD s/d Tahun {year} (%)",
        ),
        Column("unit", "16", "Perangkat Daerah Penanggung Jawab", is_pair=False, width=20),
    ]


def e58(form: Form) -> list[Column]:
    years = form.years
    runs = (
        ("target", "Target RPJMD pada RKPD Tahun ke-"),
        ("year", "Capaian Target RPJMD melalui Pelaksanaan RKPD Tahun ke-"),
        ("level", "Tingkat Capaian Target RPJMD Hasil Pelaksanaan RKPD Tahun ke- (%)"),
    )
    columns = [
        *_names(["No", "Sasaran", "Program Prioritas"]),
        Column("base", "5", "Data Capaian pada Awal Tahun Perencanaan", is_pair=False, width=12),
        Column("end", "6", "Target pada Akhir Tahun Perencanaan"),
    ]
    number = 7
    for key, head in runs:
        for place, year in enumerate(years, start=1):
            columns.append(Column(f"{key}{year}", str(number), head, f"{place} ({year})"))
            number += 1
    is_over = form.year == form.plan.last_year
    end = "pada Akhir Tahun Perencanaan" if is_over else f"s/d Tahun {form.year}"
    return [
        *columns,
        Column("total", str(number), f"Capaian {end}"),
        Column("final", f"{number + 1}={number}/6x100", "Rasio Capaian Akhir (%)"),
        Column(
            "unit",
            str(number + 2),
            "Perangkat Daerah Penanggung Jawab",
            is_pair=False,
            width=20,
        ),
    ]


def _names(heads: list[str]) -> list[Column]:
    """The columns before the numbers; the last is always the indicator."""
    keys = {"No": "no", "Sasaran": "objective", "Kode": "code"}
    widths = {"No": NARROW, "Kode": 12}
    last = "Indikator Kinerja Program (outcome)/Kegiatan (output)"
    names = [*heads, last]
    return [
        Column(
            "indicator" if head == last else keys.get(head, "node"),
            str(number),
            head,
            is_pair=False,
            width=widths.get(head, TEXT),
        )
        for number, head in enumerate(names, start=1)
    ]


def _quarters(first: int) -> list[Column]:
    head = "Realisasi Kinerja pada Triwulan"
    return [
        Column(f"q{place}", str(first + place - 1), head, name)
        for place, name in enumerate(QUARTERS, start=1)
    ]

"""What stands below the table of an evaluation form: factors, follow-ups, notes, signatures."""

from collections.abc import Sequence
from dataclasses import dataclass

from assessments.enums import MeasurementState, PlanState
from assessments.plan_excel_out.sheets import BY_HAND, Table
from assessments.queries.plan_exports import Form, Said, footer_of
from integrity_portal.core.formatting import date_id, number_id

MOST_SAID = 200
STATES = {
    MeasurementState.SUBMITTED: "menunggu verifikasi",
    MeasurementState.RETURNED: "dikembalikan untuk diperbaiki",
    MeasurementState.DRAFT: "belum dikirim",
}


@dataclass(frozen=True)
class Signer:
    word: str
    office: str
    place: str


def write_notes(
    table: Table, form: Form, row: int, next_plans: tuple[str, str], signers: tuple[Signer, Signer]
) -> None:
    """`next_plans`: where what is needed soon shall stand, and where the rest."""
    footer = footer_of(form)
    row = _section(table, row, "Faktor pendorong keberhasilan kinerja:", [])
    row = _section(table, row, "Faktor penghambat pencapaian kinerja:", footer.obstacles)
    for name, said in zip(next_plans, (footer.soon, footer.later), strict=True):
        row = _section(table, row, f"Tindak lanjut yang diperlukan dalam {name}:", said)
    row = table.paragraph(row, "Catatan:", bold=True)
    for text in notes(form):
        row = table.paragraph(row, text)
    _sign(table, row + 1, signers)


def _section(table: Table, row: int, head: str, rows: Sequence[Said]) -> int:
    """Without an entry, a line to write on."""
    row = table.paragraph(row, head, bold=True)
    for said in rows[:MOST_SAID]:
        row = table.paragraph(row, _sentence(said))
    if len(rows) > MOST_SAID:
        row = table.paragraph(row, f"dan {len(rows) - MOST_SAID} lainnya di portal")
    return row if rows else table.paragraph(row, BY_HAND)


def _sentence(said: Said) -> str:
    where = f"{said.indicator} ({said.unit})" if said.unit else said.indicator
    until = f"paling lambat {date_id(said.due)}" if said.due else ""
    more = ", ".join(part for part in (said.by, until) if part)
    return f"– {where}: {said.text}" + (f" ({more})" if more else "")


def notes(form: Form) -> list[str]:
    """What a reader must know: which figures count, what a star is, what is not added up."""
    found = []
    if form.plan.state == PlanState.DRAFT:
        found.append("RANCANGAN: rencana ini belum ditetapkan.")
    if form.plan.is_sample:
        found.append("CONTOH: bukan data resmi.")
    if form.samples:
        found.append(f"Contoh, bukan target resmi: target dari {form.samples} indikator.")
    found.append(left_out_sentence(form.left_out))
    found.append("Tanda * pada angka: realisasi sementara. Sel kosong: belum ada data, bukan nol.")
    if form.plan.cap is not None:
        cap = number_id(form.plan.cap, 0)
        found.append(f"Capaian di atas {cap} % dihitung {cap} %.")
    found.append(
        "Indikator yang dijumlahkan ditambahkan antartahun; indeks, persentase, dan tingkat "
        "lainnya memakai angka terakhir dan target tahun terakhir."
    )
    found.append(
        "Rata-rata K: rata-rata capaian semua indikator yang ada angkanya. Rata-rata Rp: seluruh "
        "realisasi dibagi seluruh pagu, agar anggaran induk tidak terhitung dua kali."
    )
    found.append(f"Dibuat dari data per {date_id(form.on)}.")
    return found


def left_out_sentence(left_out: dict[str, int]) -> str:
    if not left_out:
        return "Semua realisasi yang dilaporkan sudah diverifikasi."
    parts = [f"{left_out[state]} {word}" for state, word in STATES.items() if state in left_out]
    total = sum(left_out.values())
    return f"Tidak dihitung karena belum diverifikasi: {total} realisasi ({', '.join(parts)})."


def _sign(table: Table, row: int, signers: tuple[Signer, Signer]) -> None:
    """Two blocks side by side at the right."""
    style = table.book.style(align="center", text_wrap=False)
    width = max(4, table.last // 4)
    for place, signer in enumerate(signers):
        right = table.last - (1 - place) * (width + 1)
        lines = [
            signer.word,
            "........................., tanggal .........................",
            signer.office,
            signer.place,
            "",
            "",
            "",
            "(................................................)",
        ]
        for number, text in enumerate(lines):
            table.span(row + number, right - width + 1, row + number, right, text, style)

"""What a paper says: frozen once it is numbered, gathered from its subject while it is a draft."""

from collections.abc import Sequence
from datetime import date

from django.utils import translation

from assessments import papers as rules
from assessments.enums import PaperKind, Predicate, TeamFunction
from assessments.models import Candidate, Paper, PaperUnit, Proposal, TeamMember, WorkTeam
from assessments.paper_kinds import Kind, kind_of
from assessments.papers import Content, Table
from assessments.queries.paper_exceptions import Proposed, exception_table, records_of
from assessments.queries.teams import in_order, signed_decree_of
from assessments.requirement_sets import requirement_sets
from integrity_portal.core.formatting import date_id, number_id
from opd.enums import UnitKind
from opd.models import Government, Unit

TARGETS = {
    Predicate.WBK: "Wilayah Bebas dari Korupsi (WBK)",
    Predicate.WBBM: "Wilayah Birokrasi Bersih dan Melayani (WBBM)",
}
# How heads of units are called where it is not Kepala with the unit's name.
HEADS = {
    UnitKind.KECAMATAN: ("Kecamatan ", "Camat "),
    UnitKind.KELURAHAN: ("Kelurahan ", "Lurah "),
    UnitKind.RSUD: ("", "Direktur "),
    UnitKind.SEKRETARIAT_DAERAH: ("Sekretariat ", "Sekretaris "),
    UnitKind.SEKRETARIAT_DPRD: ("Sekretariat ", "Sekretaris "),
    UnitKind.INSPEKTORAT: ("Inspektorat", "Inspektur"),
}


def head_of(government: Government) -> str:
    """`Wali Kota Kediri`."""
    return f"{government.head_title} {government.name}"


def unit_head_of(unit: Unit) -> str:
    """`Kepala Dinas …`, `Camat …`: the office whose holder is not known to the portal."""
    before, word = HEADS.get(UnitKind(unit.kind), ("", "Kepala "))
    return f"{word}{unit.name.removeprefix(before)}"


def words_of(
    government: Government,
    *,
    year: int,
    unit: Unit | None = None,
    unit_head: str = "",
    team: WorkTeam | None = None,
) -> dict[str, str]:
    """What the placeholders of data/papers.yaml stand for."""
    replaced = signed_decree_of(team) if team else None
    return {
        "government": government.official_name,
        "head": head_of(government),
        "year": str(year),
        "unit": unit.name if unit else "",
        "unit_head": unit_head or (unit_head_of(unit) if unit else ""),
        "replaced": _named(replaced) if replaced else "",
    }


def _named(paper: Paper) -> str:
    """`Keputusan Kepala … Nomor … tanggal …`."""
    title = f"Keputusan {paper.signatory_title}"
    return f"{title} Nomor {paper.number} tanggal {_day(paper.dated_on)}"


def content_of(paper: Paper) -> Content:
    """The frozen one, or the draft as it stands."""
    if paper.content:
        return rules.of_json(paper.content)
    return live_content(paper)


def live_content(paper: Paper, *, number: str = "", dated_on: date | None = None) -> Content:
    kind = kind_of(paper.kind)
    words = words_of(
        paper.government, year=paper.year, unit=paper.unit, unit_head=paper.signatory_title
    )
    tables = tables_of(paper, kind, dated_on)
    return Content(
        form=kind.form,
        title=rules.words_for(kind.title, words),
        about=paper.about,
        number=number or rules.NO_NUMBER,
        dated=_day(dated_on) if dated_on else rules.NO_DAY,
        addressee=tuple(paper.addressee.splitlines()),
        blocks=rules.blocks_of(
            kind, paper.blocks, proceeding=_proceeding(paper, kind, words, tables)
        ),
        facts=_facts(paper),
        conclusion=_conclusion(paper),
        attachment=kind.attachment_title,
        tables=tables,
        place=paper.place,
        office=paper.printed_title,
        name=paper.signatory_name,
        nip=paper.signatory_nip,
    )


def _proceeding(
    paper: Paper, kind: Kind, words: dict[str, str], tables: Sequence[Table]
) -> list[str]:
    """Said where units are listed that go along with unmet requirements."""
    said = kind.proceeding
    if paper.proposal is None or said is None or said.title not in {row.title for row in tables}:
        return []
    source = requirement_sets()[paper.proposal.rule_set].proceeding_source
    named = {**words, "source": source, "list": said.title}
    return [rules.words_for(line, named) for line in said.lines]


def tables_of(
    paper: Paper, kind: Kind, dated_on: date | None = None, asked: Proposed | None = None
) -> tuple[Table, ...]:
    """The attachment as its subject stands now; requirements as on the day of the paper.

    `asked`: the proposal, where it was read already.
    """
    if kind.attachment == "team" and paper.team is not None:
        return team_tables(list(paper.team.members.all()))
    if kind.attachment != "units":
        return ()
    if paper.proposal is not None:
        asked = asked or proposed(paper.proposal)
        units = _candidates(asked.rows, kind.attachment_title)
        if kind.proceeding is None:
            return (units,)
        on = dated_on or paper.dated_on
        excepted = exception_table(asked, kind.proceeding.title, on)
        return (units, excepted) if excepted is not None else (units,)
    return (_named_units(paper, kind.attachment_title),)


def _named_units(paper: Paper, title: str) -> Table:
    rows = PaperUnit.objects.filter(paper_id=paper.pk).select_related("unit__parent")
    return Table(
        title,
        ("No.", "Unit kerja", "Unit induk"),
        tuple(
            (f"{number}.", row.printed_name, row.unit.parent.name if row.unit.parent else "–")
            for number, row in enumerate(rows.order_by("position"), start=1)
        ),
    )


def candidates_of(proposal_id: int) -> list[Candidate]:
    rows = Candidate.objects.filter(proposal_id=proposal_id)
    return list(rows.select_related("zone__unit__parent").order_by("position", "pk"))


def proposed(proposal: Proposal) -> Proposed:
    rows = candidates_of(proposal.pk)
    return Proposed(proposal, rows, records_of(proposal, rows))


def _candidates(rows: Sequence[Candidate], title: str) -> Table:
    return Table(
        title,
        ("No.", "Unit kerja", "Unit induk", "Diajukan menuju"),
        tuple(
            (
                f"{number}.",
                row.zone.unit.name,
                row.zone.unit.parent.name if row.zone.unit.parent else "–",
                str(Predicate(row.zone.target).label),
            )
            for number, row in enumerate(rows, start=1)
        ),
    )


def team_tables(members: Sequence[TeamMember]) -> tuple[Table, ...]:
    """The team in its order, and what each change agent changes."""
    rows = in_order(members)
    found = [
        Table(
            "Susunan tim kerja",
            ("No.", "Kedudukan dalam tim", "Nama", "Jabatan"),
            tuple(
                (f"{number}.", _place(row), _who(row), row.title)
                for number, row in enumerate(rows, start=1)
            ),
        )
    ]
    agents = [row for row in rows if row.is_agent]
    if agents:
        found.append(
            Table(
                "Agen perubahan",
                ("No.", "Nama", "Jabatan", "Perubahan yang digerakkan"),
                tuple(
                    (f"{number}.", row.name, row.title, row.agent_of)
                    for number, row in enumerate(agents, start=1)
                ),
            )
        )
    return tuple(found)


def _place(row: TeamMember) -> str:
    word = str(TeamFunction(row.function).label)
    return f"{word} {row.area}: {row.get_area_display()}" if row.area else word


def _who(row: TeamMember) -> str:
    return f"{row.name}, NIP {row.nip}" if row.nip else row.name


def _facts(paper: Paper) -> tuple[tuple[str, str], ...]:
    """Of a report: the unit, and its values once there are some."""
    if paper.kind != PaperKind.LHE or paper.zone is None or paper.unit is None:
        return ()
    enabler, result = paper.score_enabler, paper.score_result
    rows = [
        ("Unit kerja", paper.unit.name),
        ("Predikat yang dituju", TARGETS[Predicate(paper.zone.target)]),
    ]
    scores = (
        ("Nilai komponen pengungkit (dari 60)", enabler),
        ("Nilai komponen hasil (dari 40)", result),
        ("Nilai total (dari 100)", rules.total(enabler, result)),
    )
    return tuple(rows + [(name, number_id(value)) for name, value in scores if value is not None])


def _conclusion(paper: Paper) -> str:
    if paper.kind != PaperKind.LHE or paper.zone is None or paper.unit is None:
        return ""
    return rules.recommendation(
        unit=paper.unit.name,
        target=TARGETS[Predicate(paper.zone.target)],
        year=paper.year,
        recommends=paper.recommends,
    )


def _day(day: date | None) -> str:
    """In Indonesian, whatever language the screen has."""
    with translation.override("id"):
        return date_id(day)

"""Who stands under a paper before it gets its number, and when two numbers are one."""

from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from assessments.actions.papers import Subject, WrongNumber, begin_paper, number_paper
from assessments.enums import PaperKind
from assessments.papers import is_head, is_inspector
from assessments.queries.paper_gaps import missing_to_number
from assessments.queries.papers import missing_papers_of_proposal, signatories_for
from assessments.tests.factories import NamingDecreeFactory
from assessments.tests.factories_papers import DAY, NOW, draft, numbered, proposal_of, zone_of
from assessments.tests.test_paper_actions import KEEPER
from assessments.tests.test_paper_signatures import sign
from opd.enums import Role, UnitKind
from opd.models import Unit
from opd.tests.factories import MembershipFactory
from opd.transitions import StepRefused

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
OF_THE_HEAD = [PaperKind.SK_PENETAPAN, PaperKind.SURAT_PENGAJUAN, PaperKind.SPTJM]


@pytest.mark.parametrize("kind", PaperKind.values)
def test_a_paper_names_the_person_who_signs(kind: str, cast: Any) -> None:
    found = missing_to_number(draft(kind, cast.unit, signatory_name="  "))
    assert [item.anchor.partition("#")[2] for item in found] == ["id_signatory_name"]
    assert "nama" in found[0].sentence


@pytest.mark.parametrize("kind", OF_THE_HEAD)
def test_papers_of_the_government_are_signed_by_the_regional_head(kind: str, cast: Any) -> None:
    paper = draft(kind, cast.unit, signatory_title="Sekretaris Daerah")
    with pytest.raises(StepRefused) as refused:
        number_paper(paper=paper, number="1", dated_on=DAY, by=cast[Role.ZI_SECRETARIAT], now=NOW)
    assert "ditandatangani oleh Wali Kota" in refused.value.missing[0].sentence


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        ("Wali Kota Rumah", True),
        ("Plt. Wali  Kota Rumah", True),
        ("Pj Walikota Rumah", True),
        ("WALI KOTA RUMAH", True),
        ("Wakil Wali Kota Rumah", False),
        ("Sekretaris Daerah", False),
        ("Plt.", False),
    ],
)
def test_whose_title_is_the_regional_heads(title: str, wanted: bool) -> None:
    assert is_head(title, "Wali Kota") is wanted


class TestTheInspector:
    """A report is signed by the head of the inspectorate, not by whoever works there."""

    @pytest.mark.parametrize(
        ("title", "wanted"),
        [
            ("Inspektur", True),
            ("Inspektur Kota Rumah", True),
            ("Plt. Inspektur Daerah", True),
            ("Inspektur Pembantu Wilayah I", False),
            ("Auditor Muda", False),
            ("Sekretaris Inspektorat", False),
            ("Plt.", False),
        ],
    )
    def test_whose_title_it_is(self, title: str, wanted: bool) -> None:
        assert is_inspector(title) is wanted

    def test_another_office_of_the_inspectorate_does_not_sign(self, cast: Any) -> None:
        auditor = MembershipFactory(
            government=cast.home, role=Role.INSPECTORATE, title="Auditor Muda"
        )
        writer = MembershipFactory(
            government=cast.home, role=Role.INSPECTORATE, title="Inspektur Pembantu"
        )
        inspector = cast[Role.INSPECTORATE]
        assert signatories_for(PaperKind.LHE, cast.home.pk, cast.unit, TODAY) == [inspector]
        for office, unit in ((auditor, cast.unit), (inspector, cast.other_unit)):
            paper = draft(PaperKind.LHE, unit, signatory=office)
            row = number_paper(
                paper=paper, number=f"700/{office.pk}", dated_on=DAY, by=writer, now=NOW
            )
            if office is inspector:
                assert sign(row, office).state == "signed"
                continue
            with pytest.raises(StepRefused, match="pemegang jabatan"):
                sign(row, office)

    def test_nobody_else_stands_under_it(self, cast: Any) -> None:
        paper = draft(PaperKind.LHE, cast.unit, signatory_title="Auditor Madya")
        with pytest.raises(StepRefused) as refused:
            number_paper(
                paper=paper, number="1", dated_on=DAY, by=cast[KEEPER[PaperKind.LHE]], now=NOW
            )
        assert "ditandatangani oleh Inspektur" in refused.value.missing[0].sentence


def test_case_and_spaces_make_no_other_number(cast: Any) -> None:
    numbered(PaperKind.SK_TIM_KERJA, cast.unit, number="800/1/sk")
    numbered(PaperKind.SPTJM, cast.unit, number="188/1/SK")
    paper = draft(PaperKind.SPTJM, cast.unit, proposal=proposal_of(cast.home, [cast.unit], 2027))
    with pytest.raises(WrongNumber):
        number_paper(
            paper=paper, number="188 / 1 / sk", dated_on=DAY, by=cast[Role.ZI_SECRETARIAT], now=NOW
        )
    NamingDecreeFactory(government=cast.home, number="188/2/SK")
    decree = draft(PaperKind.SK_PENETAPAN, cast.unit)
    with pytest.raises(WrongNumber, match="terdaftar"):
        number_paper(
            paper=decree, number="188/2 /sk", dated_on=DAY, by=cast[Role.ZI_SECRETARIAT], now=NOW
        )


class TestTheInspectorateItself:
    @pytest.fixture
    def own(self, cast: Any) -> Unit:
        Unit.objects.filter(pk=cast.unit.pk).update(kind=UnitKind.INSPEKTORAT)
        cast.unit.refresh_from_db()
        return cast.unit

    def test_it_writes_no_report_on_itself(self, own: Unit, cast: Any) -> None:
        with pytest.raises(StepRefused, match="tidak mengevaluasi dirinya"):
            begin_paper(
                kind=PaperKind.LHE, subject=Subject(year=2026, zone=zone_of(own)),
                form_key=uuid4(), by=cast[KEEPER[PaperKind.LHE]], now=NOW,
            )  # fmt: skip
        paper = draft(PaperKind.LHE, own)
        assert [item.anchor for item in missing_to_number(paper)] == [""]

    def test_so_none_is_asked_of_it(self, own: Unit, cast: Any) -> None:
        found = missing_papers_of_proposal(proposal_of(cast.home, [own, cast.other_unit]))
        reports = [item.sentence for item in found if "LHE" in item.sentence]
        assert [sentence.split(":")[0] for sentence in reports] == ["Dinas Dua"]

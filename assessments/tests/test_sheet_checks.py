"""The checker: each rule on rows, then the page."""

import html
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from assessments.enums import Assessor, ItemMark, WorksheetState
from assessments.instrument import instrument_files
from assessments.models import Answer, Evidence, EvidenceUse, Worksheet, WorksheetApproval
from assessments.queries.sheet_findings import findings_of, tally_of
from assessments.queries.worksheet_checks import content_of
from assessments.scoring import Given
from assessments.sheet_checks import (
    Finding,
    Opinion,
    Proof,
    Row,
    Severity,
    check_rules,
    findings,
)
from assessments.tests.factories_worksheets import NOW, in_state, item, make_sheet
from assessments.tests.test_scoring import counted
from opd.enums import Role
from opd.models import Membership
from opd.tests.fixtures import Cast

QUESTIONS = instrument_files()["permenpanrb-90-2021"].questions
TODAY = date(2026, 4, 10)
FRESH = Proof("SK Tim", date(2026, 1, 5), None)
# YT without a doubt, A/B/C with a doubt that suggests B.
REVIEW = "assessments:worksheet_review"
PLAIN, DOUBTED, RATIO = "A.I.1.i.a", "A.I.1.i.b", "A.II.1.i.a"


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def row(code: str = PLAIN, said: Given | None = None, **more: Any) -> Row:
    return Row(QUESTIONS[code], said, **more)


def found(*rows: Row) -> list[Finding]:
    return findings(rows, year=2026, today=TODAY, rules=check_rules())


def rules(*rows: Row) -> list[tuple[str, str, str]]:
    return [(each.rule, each.severity.value, each.code) for each in found(*rows)]


class TestProofs:
    def test_above_the_lowest_without_evidence(self) -> None:
        assert rules(row(said=Given("Ya"))) == [("no_proof", "error", PLAIN)]
        assert rules(row(said=Given("Ya"), proofs=[FRESH])) == []
        assert rules(row(said=Given("Tidak"))) == []
        assert rules(row()) == []

    @pytest.mark.parametrize(
        ("dated_on", "valid_until", "is_old"),
        [
            (date(2024, 12, 31), None, True),
            (date(2025, 1, 1), None, False),
            (date(2020, 5, 1), date(2027, 5, 1), False),
            (date(2020, 5, 1), date(2024, 5, 1), True),
            (None, None, False),
        ],
    )
    def test_older_than_the_period(
        self, dated_on: date | None, valid_until: date | None, is_old: bool
    ) -> None:
        proofs = [Proof("SOP", dated_on, valid_until), FRESH]
        said = rules(row(said=Given("Ya"), proofs=proofs))
        assert (("old_proof", "warning", PLAIN) in said) is is_old

    def test_expired_alone_is_an_error_beside_others_a_warning(self) -> None:
        gone = Proof("SK lama", date(2025, 1, 1), date(2026, 4, 9))
        assert rules(row(said=Given("Ya"), proofs=[gone])) == [("expired_proof", "error", PLAIN)]
        assert rules(row(said=Given("Ya"), proofs=[gone, FRESH])) == [
            ("expired_proof", "warning", PLAIN)
        ]
        last_day = Proof("SK", date(2025, 1, 1), TODAY)
        assert rules(row(said=Given("Ya"), proofs=[last_day])) == []


class TestCounts:
    @pytest.mark.parametrize(
        ("code", "said", "rule", "severity"),
        [
            (RATIO, counted(changes=5, agents=4), "over", "error"),
            (RATIO, counted(changes=5, agents=0), "no_whole", "error"),
            ("A.II.6.i.b", counted(simplified=0, registered=0), "settle", "warning"),
            (
                "A.II.3.iii.a",
                counted(last_year=4, this_year=2, sanctioned=3),
                "parts",
                "error",
            ),
            ("A.II.5.ii.a", counted(due=5, in_process=3, finished=3), "parts", "error"),
        ],
    )
    def test_that_contradict(self, code: str, said: Given, rule: str, severity: str) -> None:
        assert rules(row(code, said, proofs=[FRESH])) == [(rule, severity, code)]

    @pytest.mark.parametrize(
        ("code", "said"),
        [
            (RATIO, counted(changes=4, agents=4)),
            ("A.II.3.iii.a", counted(last_year=4, this_year=2, sanctioned=2)),
            ("A.II.5.ii.a", counted(due=5, in_process=2, finished=3)),
            ("A.II.5.ii.a", counted(due=5)),
        ],
    )
    def test_that_fit(self, code: str, said: Given) -> None:
        assert rules(row(code, said, proofs=[FRESH])) == []

    def test_the_same_count_asked_twice(self) -> None:
        first = row("A.II.1.i.a", counted(changes=3, agents=5), proofs=[FRESH])
        second = row("A.II.1.i.b", counted(changes=4, integrated=1), proofs=[FRESH])
        same = row("A.II.1.i.b", counted(changes=3, integrated=1), proofs=[FRESH])
        assert rules(first, second) == [("same_count", "error", "A.II.1.i.b")]
        assert "is 4 here and 3 at A.II.1.i.a" in found(first, second)[0].sentence
        assert rules(first, same) == rules(first) == rules(second) == []

    def test_equal_keys_of_other_numbers_are_no_contradiction(self) -> None:
        """LHKPN and the others both count who reported."""
        first = row("A.II.5.iii.a", counted(reported=1, heads=1, officials=0, others=0))
        second = row("A.II.5.iii.b", counted(reported=9, echelon3=3, echelon4=3, staff=3))
        assert {each.rule for each in found(first, second)} == {"no_proof"}


class TestOthers:
    def test_marks(self) -> None:
        assert rules(row(is_carried=True)) == [("carried", "error", PLAIN)]
        assert rules(row(is_changed=True)) == [("changed", "warning", PLAIN)]

    def test_an_assessor_who_differs_without_a_reason(self) -> None:
        def beside(option: str, reason: str = "") -> list[tuple[str, str, str]]:
            opinions = {"tpi": Opinion(Given(option), reason)}
            return rules(row(said=Given("Ya"), proofs=[FRESH], opinions=opinions))

        assert beside("Tidak") == [("no_reason", "error", PLAIN)]
        assert beside("Tidak", "SK belum ditandatangani") == []
        assert beside("Ya") == beside("") == []

    def test_the_best_option_where_a_doubt_suggests_another(self) -> None:
        said = found(row(DOUBTED, Given("A"), proofs=[FRESH]))
        assert {each.severity for each in said} == {Severity.HINT}
        assert len(said) == 3
        assert rules(row(DOUBTED, Given("B"), proofs=[FRESH])) == []

    def test_a_doubt_that_suggests_the_best_is_no_hint(self) -> None:
        assert QUESTIONS["A.I.1.iv.c"].doubts[0].suggest == "A"
        assert rules(row("A.I.1.iv.c", Given("A"), proofs=[FRESH])) == []

    def test_errors_come_first(self) -> None:
        said = rules(
            row(DOUBTED, Given("A"), proofs=[FRESH]), row(RATIO, counted(changes=2, agents=1))
        )
        assert [severity for _rule, severity, _code in said] == ["error"] * 2 + ["hint"] * 3


def test_the_rules_name_counts_that_there_are() -> None:
    read = check_rules()
    keys = {code: {count.key for count in each.counts} for code, each in QUESTIONS.items()}
    assert all(key in keys[code] for pair in read.same for code, key in pair)
    assert all({*each.parts, each.whole} <= keys[each.question] for each in read.parts)


# --- the page ---

SignIn = Callable[[Membership], Client]


def answer(
    sheet: Worksheet, by: Membership, code: str, assessor: str = "unit", **said: Any
) -> None:
    Answer.objects.create(
        government_id=sheet.government_id,
        item=item(sheet, code),
        assessor=assessor,
        changed_by=by,
        changed_at=NOW,
        **said,
    )


def prove(sheet: Worksheet, by: Membership, code: str, **document: Any) -> None:
    shared = {"government_id": sheet.government_id, "added_by": by, "added_at": NOW}
    proof = Evidence.objects.create(
        unit=sheet.zone.unit, title="SK Tim", form_key=uuid4(), **shared, **document
    )
    EvidenceUse.objects.create(item=item(sheet, code), evidence=proof, **shared)


def page(client: Client, sheet: Worksheet) -> str:
    client.cookies["django_language"] = "en"
    response = client.get(reverse("assessments:worksheet_check", args=[sheet.pk]))
    assert response.status_code == 200
    return html.unescape(response.content.decode())


@pytest.fixture
def sheet(cast: Cast) -> Worksheet:
    return make_sheet(cast)


def test_unit_and_inspectorate_see_it_with_links(
    cast: Cast, client_as: SignIn, sheet: Worksheet
) -> None:
    operator = cast[Role.OPD_OPERATOR]
    answer(sheet, operator, PLAIN, option="Ya")
    answer(sheet, operator, DOUBTED, option="A")
    prove(sheet, operator, DOUBTED, dated_on=date(2019, 1, 1))
    for role in (Role.OPD_OPERATOR, Role.INSPECTORATE):
        said = page(client_as(cast[role]), sheet)
        assert "no evidence stands there" in said
        assert "is older than the period, which begins on 1 January 2025" in said
        assert "Does this apply here?" in said
        assert reverse("assessments:worksheet_question", args=[sheet.pk, PLAIN]) in said


def test_nothing_stands_out(cast: Cast, client_as: SignIn, sheet: Worksheet) -> None:
    assert "Nothing stands out" in page(client_as(cast[Role.OPD_HEAD]), sheet)


def test_carried_and_changed_after_approval(
    cast: Cast, client_as: SignIn, sheet: Worksheet
) -> None:
    operator, client = cast[Role.OPD_OPERATOR], client_as(cast[Role.OPD_OPERATOR])
    sheet.items.filter(code=PLAIN).update(mark=ItemMark.CARRIED)
    answer(sheet, operator, PLAIN, option="Tidak")
    WorksheetApproval.objects.create(
        government_id=sheet.government_id,
        worksheet=sheet,
        round=1,
        by=cast[Role.INSPECTORATE],
        at=NOW,
        content=content_of(sheet),
        sha256="0" * 64,
        unit_total=Decimal(0),
        tpi_total=Decimal(0),
    )
    assert "changed after the approval" not in page(client, sheet)
    Answer.objects.update(option="Ya")
    said = page(client, sheet)
    assert "changed after the approval" in said
    assert "nobody has reviewed it yet" in said


def test_a_unit_hears_of_the_assessor_once_the_sheet_is_back(
    cast: Cast, client_as: SignIn, sheet: Worksheet
) -> None:
    answer(sheet, cast[Role.OPD_OPERATOR], PLAIN, option="Ya")
    answer(sheet, cast[Role.INSPECTORATE], PLAIN, assessor=Assessor.TPI, option="Tidak")
    unit, office = client_as(cast[Role.OPD_OPERATOR]), client_as(cast[Role.INSPECTORATE])
    sentence = "differs from the unit's without a reason"
    assert sentence not in page(unit, sheet)
    assert sentence in page(office, sheet)
    Worksheet.objects.filter(pk=sheet.pk).update(state=WorksheetState.RETURNED)
    assert sentence in page(unit, sheet)


def test_it_costs_the_same_for_two_and_for_seven(
    cast: Cast, client_as: SignIn, sheet: Worksheet
) -> None:
    operator, client = cast[Role.OPD_OPERATOR], client_as(cast[Role.OPD_OPERATOR])
    codes = list(QUESTIONS)
    costs = []
    for part in (codes[:2], codes[2:7]):
        for code in part:
            answer(sheet, operator, code, option=next(iter(QUESTIONS[code].scale.options)))
            prove(sheet, operator, code, dated_on=date(2019, 1, 1))
        page(client, sheet)
        with CaptureQueriesContext(connection) as asked:
            page(client, sheet)
        costs.append(len(asked))
    assert costs[0] == costs[1] <= 12


# --- beside the step that sends ---


def test_who_sends_sees_what_the_checker_found(
    cast: Cast, client_as: SignIn, filled: Worksheet
) -> None:
    """With the way to it, and nothing is kept from being sent."""
    head, review = client_as(cast[Role.OPD_HEAD]), reverse(REVIEW, args=[filled.pk])
    prove(filled, cast[Role.OPD_OPERATOR], PLAIN, dated_on=date(2019, 1, 1))
    found = Counter(each.severity for each in findings_of(filled, cast[Role.OPD_HEAD], TODAY))
    assert found[Severity.WARNING] == 1
    assert found[Severity.ERROR] > 1
    head.cookies["django_language"] = "en"
    said = html.unescape(head.get(review).content.decode())
    link = reverse("assessments:worksheet_check", args=[filled.pk])
    assert f'<a href="{link}">The checker found {found.total()} things to look at</a>' in said
    assert f"{found[Severity.ERROR]} errors, 1 warning" in said
    send = reverse("assessments:worksheet_step", args=[filled.pk, "submit"])
    assert f'action="{send}"' in said
    assert head.post(send).status_code == 302
    filled.refresh_from_db()
    assert filled.state == WorksheetState.SUBMITTED


def test_a_clean_sheet_says_so(cast: Cast, client_as: SignIn, sheet: Worksheet) -> None:
    for role in (Role.OPD_HEAD, Role.INSPECTORATE, Role.ZI_SECRETARIAT):
        client = client_as(cast[role])
        client.cookies["django_language"] = "en"
        said = client.get(reverse(REVIEW, args=[sheet.pk])).content.decode()
        assert "The checker found nothing to look at." in said


def test_reviewers_of_the_ministry_hear_nothing_of_it(
    cast: Cast, client_as: SignIn, sheet: Worksheet
) -> None:
    approved = in_state(sheet, WorksheetState.APPROVED)
    client = client_as(cast[Role.TPN_REVIEWER])
    client.cookies["django_language"] = "en"
    said = client.get(reverse(REVIEW, args=[approved.pk]))
    assert said.status_code == 200
    assert "The checker found" not in said.content.decode()


def test_it_costs_the_page_that_sends_one_question(cast: Cast, filled: Worksheet) -> None:
    prove(filled, cast[Role.OPD_OPERATOR], PLAIN, dated_on=date(2019, 1, 1))
    sheet = Worksheet.objects.with_names().get(pk=filled.pk)
    tally_of(sheet, cast[Role.OPD_HEAD], TODAY, [])
    with CaptureQueriesContext(connection) as asked:
        tally_of(sheet, cast[Role.OPD_HEAD], TODAY, [])
    assert len(asked) == 1

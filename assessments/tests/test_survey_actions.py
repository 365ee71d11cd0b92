"""Rounds from draft to publication, proofs that count once, answers that lead to nobody."""

import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.db import InternalError, transaction
from django.utils import timezone

from assessments import survey_proofs as proofs
from assessments.actions.survey_answers import (
    AnswerRefused,
    RoundClosed,
    add_receipts,
    answer_survey,
    make_codes,
)
from assessments.actions.survey_follow_ups import (
    FollowUpTexts,
    edit_survey_follow_up,
    remove_survey_follow_up,
)
from assessments.actions.surveys import (
    close_due_rounds,
    close_round,
    create_round,
    create_rounds,
    discard_round,
    edit_round,
    open_round,
    publish_round,
)
from assessments.editing import Conflict
from assessments.models import SurveyProof, SurveyResponse, SurveyRound
from assessments.queries.survey_overview import survey_figures
from assessments.queries.surveys import answered_of, comments_of, history_of, page_of, rows_of
from assessments.survey_instruments import surveys
from assessments.survey_results import kept
from assessments.tests import factories_surveys as make
from assessments.workflow import SURVEY_ROUND
from integrity_portal.core.models import LedgerEntry
from opd.enums import Role
from opd.models import Unit
from opd.transitions import StepRefused

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def asked(cast):
    return make.open_round(cast.unit)


def send(round, code="", today=None, **more):
    return answer_survey(
        round=round, given=make.given(round, proof=code, **more), today=today or make.today()
    )


def verbs(row):
    found = LedgerEntry.objects.filter(subject_id=str(row.pk)).order_by("pk")
    return list(found.values_list("verb", flat=True))


def test_a_round_keeps_what_it_asks_and_where_it_came_from(cast):
    row = make.make_round(cast.unit, highest=4)

    assert (row.edition, row.sha256) == (surveys().edition, surveys().sha256)
    assert (row.asked.highest, row.asked.item_codes[0]) == (4, "SPAK1")
    assert row.asked.bands[0].minimum == Decimal("3.5324")
    assert verbs(row) == ["survey_round.created"]


def test_a_second_press_finds_the_round_and_another_plan_is_refused(cast):
    row = make.make_round(cast.unit)
    by = make.writer(cast.unit)
    assert create_round(unit=cast.unit, plan=make.plan_of(), by=by) == row
    with pytest.raises(StepRefused, match="already has this survey"):
        create_round(unit=cast.unit, plan=make.plan_of(door="open"), by=by)


@pytest.mark.parametrize(
    "wrong", [{"survey": "SPI"}, {"highest": 9}, {"closes_on": make.today() - timedelta(days=30)}]
)
def test_a_plan_that_makes_no_sense_is_refused(wrong, cast):
    with pytest.raises(StepRefused):
        make.make_round(cast.unit, **wrong)


@pytest.mark.parametrize(
    "role", [Role.PLANNER, Role.SEKDA, Role.INSPECTORATE, Role.MAYOR, Role.TPN_REVIEWER]
)
def test_only_the_unit_and_the_secretariat_keep_rounds(role, cast):
    with pytest.raises(PermissionDenied):
        create_round(unit=cast.unit, plan=make.plan_of(), by=cast[role])
    with pytest.raises(PermissionDenied):
        create_round(unit=cast.other_unit, plan=make.plan_of(), by=cast[Role.OPD_OPERATOR])
    with pytest.raises(PermissionDenied):
        create_round(unit=cast.away_unit, plan=make.plan_of(), by=cast[Role.ZI_SECRETARIAT])
    assert create_round(unit=cast.unit, plan=make.plan_of(), by=cast[Role.ZI_SECRETARIAT])


def test_the_secretariat_opens_all_units_at_once(cast):
    mine = make.make_round(cast.unit, survey="SKM")
    make.service(cast.other_unit, "KIR")
    plan, now = make.plan_of(survey="SKM"), timezone.now()
    units = Unit.objects.filter(government=cast.home)
    with pytest.raises(PermissionDenied):
        create_rounds(units=units, plan=plan, at_once=True, by=cast[Role.OPD_HEAD], now=now)

    made = create_rounds(
        units=units, plan=plan, at_once=True, by=cast[Role.ZI_SECRETARIAT], now=now
    )

    assert made == units.count() - 1
    other = SurveyRound.objects.get(unit=cast.other_unit)
    assert (other.state, other.services.get().name) == ("open", "KIR")
    mine.refresh_from_db()
    assert mine.state == "draft"


def test_a_draft_changes_and_an_open_round_only_lasts_longer(cast):
    row, by = make.make_round(cast.unit), make.writer(cast.unit)
    row = edit_round(
        round=row, plan=make.plan_of(quarter=2, door="open", counts_open=True), version=1, by=by
    )
    assert (row.quarter, row.counts_open, row.version) == (2, True, 2)
    with pytest.raises(Conflict):
        edit_round(round=row, plan=make.plan_of(quarter=3), version=1, by=by)

    open_round(round=row, by=by, now=timezone.now())
    later = make.today() + timedelta(days=20)
    row = edit_round(round=row, plan=make.plan_of(closes_on=later), version=2, by=by)
    assert (row.closes_on, row.door, row.quarter) == (later, "open", 2)
    with pytest.raises(StepRefused, match="not shorter"):
        edit_round(round=row, plan=make.plan_of(), version=3, by=by)
    with pytest.raises(StepRefused, match="stays in the list"):
        discard_round(round=row, by=by)


def test_a_draft_can_be_discarded_with_its_codes(cast):
    row = make.make_round(cast.unit, services=[(make.service(cast.unit), 100)])
    make.codes(row, 3)
    discard_round(round=row, by=make.writer(cast.unit))
    assert not SurveyRound.objects.exists()
    assert not SurveyProof.objects.exists()


def test_what_is_over_does_not_open(cast):
    past = make.today() - timedelta(days=1)
    row = make.make_round(cast.unit, closes_on=past)
    with pytest.raises(StepRefused) as refused:
        open_round(round=row, by=make.writer(cast.unit), now=timezone.now())
    assert "last day is over" in refused.value.missing[0].sentence


def test_a_code_counts_once_and_only_its_hash_is_kept(asked):
    code, other = make_codes(
        round=asked,
        number=2,
        service=None,
        served_on=None,
        by=make.writer(asked.unit),
        today=make.today(),
    )
    assert send(asked, proofs.shown(code).lower())
    with pytest.raises(AnswerRefused, match="used already") as used:
        send(asked, code)
    assert used.value.field == "proof"
    assert send(asked, other)
    assert SurveyResponse.objects.count() == 2
    kept_rows = json.dumps(list(SurveyProof.objects.values()), default=str)
    assert code not in kept_rows
    assert verbs(asked)[-1] == "survey_round.codes_made"


def test_a_code_of_another_round_is_an_unknown_one(asked, cast):
    elsewhere = make.open_round(cast.other_unit)
    with pytest.raises(AnswerRefused, match="do not know"):
        send(asked, make.codes(elsewhere)[0])
    with pytest.raises(AnswerRefused, match="Type the code"):
        send(asked, "  ")


def test_the_same_form_sent_again_is_the_same_answer(asked):
    given = make.given(asked, proof=make.codes(asked)[0])
    assert answer_survey(round=asked, given=given, today=make.today())
    assert not answer_survey(round=asked, given=given, today=make.today())
    assert SurveyResponse.objects.count() == 1


def test_receipts_are_proofs_once_each_and_never_a_nik(asked):
    by = make.writer(asked.unit)

    def add(*numbers):
        return add_receipts(
            round=asked, numbers=numbers, service=None, served_on=None, by=by, today=make.today()
        )

    first = add("2026/11/0001", "2026/11/0002", "2026-11-0002", "x")
    assert (first.added, first.known, first.refused) == (2, 0, ["x"])
    assert add("2026 11 0001").known == 1
    assert send(asked, "2026.11.0001")
    with pytest.raises(AnswerRefused, match="used already"):
        send(asked, "20261 10001")
    with pytest.raises(StepRefused, match="NIK"):
        add("3571012005900001")


def test_an_answer_knows_its_day_and_nothing_that_leads_to_a_person(asked):
    make.answer(asked, comment="Ruang tunggu panas")
    row = SurveyResponse.objects.values().get()
    assert set(row) == {
        "id",
        "government_id",
        "round_id",
        "service_id",
        "answers",
        "profile",
        "comment",
        "answered_on",
        "has_proof",
        "form_hash",
    }
    assert not LedgerEntry.objects.filter(subject_type__icontains="response").exists()
    assert verbs(asked) == ["survey_round.created", "survey_round.open"]


def test_the_service_of_the_slip_counts(cast):
    ktp, kk = make.service(cast.unit), make.service(cast.unit, "KK")
    row = make.open_round(cast.unit, services=[(ktp, 100), (kk, 300)])
    first, second = row.services.order_by("position")
    send(row, make.codes(row, of=first)[0], service=second.pk)
    assert SurveyResponse.objects.get().service == first
    with pytest.raises(AnswerRefused, match="from the list"):
        send(row, make.codes(row)[0], service=999_999)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"SPAK1": 7}, "SPAK1"),
        ({"SPAK1": -1}, "SPAK1"),
        (dict.fromkeys(["SPAK1", "SPAK2", "SPAK3", "SPAK4", "SPAK5"], 0), ""),
    ],
)
def test_an_answer_outside_the_scale_is_refused_and_the_code_stays_good(wrong, field, asked):
    code = make.codes(asked)[0]
    with pytest.raises(AnswerRefused) as refused:
        send(asked, code, answers=wrong)
    assert refused.value.field == field
    assert send(asked, code)


def test_a_comment_with_a_nik_is_refused(asked):
    code = make.codes(asked)[0]
    with pytest.raises(AnswerRefused, match="NIK"):
        send(asked, code, comment="Saya 3571 0120 0590 0001")
    assert send(asked, code, comment="Bagus")


def test_nobody_answers_before_the_first_or_after_the_last_day(asked):
    code = make.codes(asked)[0]
    for day in (asked.opens_on - timedelta(days=1), asked.closes_on + timedelta(days=1)):
        with pytest.raises(RoundClosed):
            send(asked, code, today=day)
    assert send(asked, code, today=asked.closes_on)


def test_open_answers_stay_apart(cast):
    row = make.open_round(cast.unit, door="open")
    for _each in range(6):
        make.answer(row, 6)
        make.answer(row, 1, with_proof=False)
    page = page_of(row)
    assert (page.reached, page.apart, page.result) == (6, 6, None)
    row = close_round(round=row, by=make.writer(cast.unit), now=timezone.now())
    result = page_of(row).result
    assert (result.number, result.apart, result.index) == (6, 6, Decimal(4))


def test_closing_counts_once_and_for_ever(asked, cast):
    for value in (3, 4, 5, 6, 6):
        make.answer(asked, value)
    by, now = make.writer(cast.unit), timezone.now()
    row = close_round(round=asked, by=by, now=now)

    again = kept(answered_of(row), row.asked, counts_open=row.counts_open)
    assert row.result == json.loads(json.dumps(again))
    assert page_of(row).result.index == Decimal("4.8") * 4 / 6
    counted = LedgerEntry.objects.get(verb="survey_round.counted")
    assert counted.codes["sha256"] == row.result["sha256"]
    assert close_round(round=row, by=by, now=now).result == row.result
    with pytest.raises(RoundClosed):
        make.answer(row)
    with pytest.raises(InternalError), transaction.atomic():
        SurveyRound.objects.filter(pk=row.pk).update(result={"number": 9})
    with pytest.raises(InternalError), transaction.atomic():
        SurveyResponse.objects.all().update(answers={})
    with pytest.raises(StepRefused, match="no proof counts"):
        make.codes(row)


def test_the_clock_closes_what_ran_to_its_last_day(cast):
    row = make.open_round(cast.unit, closes_on=make.today())
    kept_open = make.open_round(cast.other_unit)
    assert close_due_rounds(now=timezone.now()) == 0
    assert close_due_rounds(now=timezone.now() + timedelta(days=1)) == 1
    row.refresh_from_db()
    kept_open.refresh_from_db()
    assert (row.state, row.steps.get(name="close").membership, kept_open.state) == (
        "closed",
        None,
        "open",
    )


def test_too_few_are_not_published(cast):
    row = make.closed_round(cast.unit, number=4)
    assert not page_of(row).result.is_shown
    with pytest.raises(StepRefused) as refused:
        publish_round(round=row, by=make.writer(cast.unit), now=timezone.now())
    assert refused.value.missing
    assert comments_of(row) == []


def test_publishing_lets_everybody_read(cast):
    row = make.closed_round(cast.unit)
    row = publish_round(round=row, by=make.writer(cast.unit), now=timezone.now())
    assert row.state == "published"
    assert verbs(row)[-1] == "survey_round.publish"
    figure = survey_figures(cast.home.pk, make.today())[0]
    assert (figure.index_name, figure.reached, figure.needed, figure.is_published) == (
        "IPAK",
        6,
        30,
        True,
    )
    assert survey_figures(cast.away.pk, make.today()) == []


def test_lists_show_the_change_since_the_round_before(cast):
    year = make.today().year
    make.closed_round(cast.unit, value=3, year=year - 1, quarter=4)
    row = make.closed_round(cast.unit, value=6)
    (first, second) = sorted(
        rows_of(SurveyRound.objects.select_related("unit")), key=lambda each: each.round.year
    )
    assert (first.change, second.index, second.change) == (None, Decimal(4), Decimal(2))
    assert [each.year for each in history_of(row)] == [year - 1, year]


def test_the_sample_asks_for_the_people_served(cast):
    row = make.open_round(
        cast.unit, services=[(make.service(cast.unit), 300), (make.service(cast.unit, "KK"), 200)]
    )
    make.answer(row)
    page = page_of(row)
    assert (page.population, page.needed.number, page.missing) == (500, 217, 216)
    assert [line.wanted for line in page.services] == [131, 87]
    assert rows_of([row])[0].needed.number == 217


def test_a_follow_up_is_written_once_changed_and_kept_when_published(cast):
    row, by = make.closed_round(cast.unit), make.writer(cast.unit)
    plan = make.follow_up(row)
    texts = FollowUpTexts("SPAK2", "Latih petugas", "Kabid", make.today())

    def edit(version, **more):
        values = {"done_on": None, "outcome": "", **more}
        return edit_survey_follow_up(
            follow_up=plan, texts=texts, version=version, by=by, today=make.today(), **values
        )

    assert edit(1, done_on=make.today(), outcome="Selesai").version == 2
    with pytest.raises(Conflict):
        edit(1, outcome="Lain")
    with pytest.raises(StepRefused, match="today or earlier"):
        edit(2, done_on=make.today() + timedelta(days=1))
    publish_round(round=row, by=by, now=timezone.now())
    with pytest.raises(StepRefused, match="not cut"):
        remove_survey_follow_up(follow_up=plan, by=by)


def test_a_follow_up_waits_for_a_result_and_can_be_removed_before(asked, cast):
    with pytest.raises(StepRefused, match="Close the survey first"):
        make.follow_up(asked)
    row = make.closed_round(cast.other_unit)
    plan = make.follow_up(row)
    remove_survey_follow_up(follow_up=plan, by=make.writer(cast.other_unit))
    assert not row.follow_ups.exists()


def test_the_readme_draws_the_steps_as_they_are():
    text = (Path(__file__).parents[1] / "README.md").read_text()
    assert f"```mermaid\n{SURVEY_ROUND.mermaid()}\n```" in text

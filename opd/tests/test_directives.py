"""Directives: every step by every role, rights, double presses, links, figures."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from integrity_portal.core.models import LedgerEntry
from opd import subjects
from opd.actions.directives import (
    Instruction,
    Progress,
    acknowledge_directive,
    finish_directive,
    give_directive,
    report_directive,
    return_directive,
    withdraw_directive,
)
from opd.actions.reminders import remind
from opd.enums import DIRECTIVE_OPEN, DirectiveState, Role
from opd.models import Directive, DirectiveReport, Escalation, InboxItem, ReminderClock
from opd.queries.directives import (
    about,
    directive_figures,
    directives,
    directives_after,
    due_directives,
)
from opd.queries.inbox import unread_count
from opd.tests.factories import MembershipFactory, UnitFactory
from opd.tests.factories_calendar import DirectiveFactory
from opd.transitions import StepRefused
from opd.workflow import DIRECTIVE

NOW = datetime(2026, 4, 1, 3, tzinfo=UTC)
TODAY = date(2026, 4, 1)
README = Path(__file__).parent.parent / "README.md"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def give(cast, by=Role.MAYOR, unit=None, form_key=None, **changes):
    values = {"unit": unit or cast.unit, "text": "Open a second counter", "due_on": TODAY}
    return give_directive(
        what=Instruction(**{**values, **changes}),
        form_key=form_key or uuid4(),
        by=cast[by],
        now=NOW,
        today=TODAY,
    )


STEPS = {
    "acknowledge": lambda row, by: acknowledge_directive(directive=row, by=by, now=NOW),
    "progress": lambda row, by: report_directive(
        directive=row, progress=Progress("half", Decimal(50)), form_key=uuid4(), by=by, now=NOW
    ),
    "report": lambda row, by: report_directive(
        directive=row, progress=Progress("done", None, True), form_key=uuid4(), by=by, now=NOW
    ),
    "finish": lambda row, by: finish_directive(directive=row, by=by, now=NOW),
    "return": lambda row, by: return_directive(directive=row, reason="why", by=by, now=NOW),
    "withdraw": lambda row, by: withdraw_directive(directive=row, reason="why", by=by, now=NOW),
}


@pytest.mark.parametrize("state", DirectiveState.values)
@pytest.mark.parametrize("step", sorted(STEPS))
def test_every_step_from_every_state_by_every_role(cast, step, state):
    """Given by the Sekda: his office and the mayor settle it, head and operator carry it out."""
    table = DIRECTIVE.get(step)
    for role in Role.values:
        row = DirectiveFactory(
            government=cast.home, unit=cast.unit, given_by=cast[Role.SEKDA], state=state
        )
        allowed = state in table.sources and role in table.roles
        # Pressing a button again changes nothing and is no mistake.
        again = state == table.target and step in ("acknowledge", "finish", "withdraw")
        try:
            STEPS[step](row, cast[role])
            passed = True
        except StepRefused:
            passed = False
        row.refresh_from_db()
        assert passed == (allowed or again), role
        assert row.state == (table.target if allowed else state)
        assert row.steps.count() == int(allowed)


def test_the_diagram_is_the_table():
    assert DIRECTIVE.mermaid() in README.read_text()


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.MAYOR, Role.SEKDA}))
def test_nobody_else_gives_directives(cast, role):
    with pytest.raises(PermissionDenied):
        give(cast, role)


def test_the_sekda_does_not_settle_what_the_mayor_gave_but_his_stand_in_does(cast):
    row = DirectiveFactory(
        government=cast.home, unit=cast.unit, given_by=cast[Role.MAYOR], state="reported"
    )
    with pytest.raises(StepRefused, match="role"):
        finish_directive(directive=row, by=cast[Role.SEKDA], now=NOW)
    acting = MembershipFactory(government=cast.home, role=Role.MAYOR, office_status="plt")
    assert finish_directive(directive=row, by=acting, now=NOW).state == "finished"


def test_other_units_and_governments_do_not_carry_it_out(cast):
    row = DirectiveFactory(government=cast.home, unit=cast.below)
    head_above = cast[Role.OPD_HEAD]
    stranger = MembershipFactory(government=cast.home, unit=cast.other_unit, role=Role.OPD_HEAD)
    for by in (head_above, stranger, cast.away_offices[Role.OPD_HEAD]):
        with pytest.raises(StepRefused):
            acknowledge_directive(directive=row, by=by, now=NOW)
    head_above.acts_below = True
    head_above.save()
    assert acknowledge_directive(directive=row, by=head_above, now=NOW).state == "acknowledged"


def test_twice_is_once(cast):
    key = uuid4()
    assert give(cast, form_key=key) == give(cast, form_key=key)
    row = acknowledge_directive(directive=Directive.objects.get(), by=cast[Role.OPD_HEAD], now=NOW)
    report = uuid4()
    for _press in range(2):
        report_directive(
            directive=row,
            progress=Progress("half", Decimal(50)),
            form_key=report,
            by=cast[Role.OPD_HEAD],
            now=NOW,
        )
    assert DirectiveReport.objects.count() == 1
    other = give(cast)
    acknowledge_directive(directive=other, by=cast[Role.OPD_HEAD], now=NOW)
    with pytest.raises(StepRefused, match="another directive"):
        report_directive(
            directive=other,
            progress=Progress("x"),
            form_key=report,
            by=cast[Role.OPD_HEAD],
            now=NOW,
        )


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"text": "  "}, "what is to be done"),
        ({"due_on": date(2026, 3, 31)}, "already over"),
        ({"due_on": date(2036, 3, 31)}, "five years"),
    ],
)
def test_what_cannot_be_given(cast, changes, sentence):
    with pytest.raises(StepRefused, match=sentence):
        give(cast, **changes)


def test_a_closed_unit_gets_none(cast):
    closed = UnitFactory(government=cast.home, active_to=date(2026, 1, 1))
    with pytest.raises(StepRefused, match="closed"):
        give(cast, unit=closed)


def test_reasons_and_texts_are_asked_for(cast):
    row = DirectiveFactory(
        government=cast.home, unit=cast.unit, given_by=cast[Role.MAYOR], state="reported"
    )
    for act in (return_directive, withdraw_directive):
        with pytest.raises(StepRefused) as refused:
            act(directive=row, reason=" ", by=cast[Role.MAYOR], now=NOW)
        assert refused.value.missing
    row = DirectiveFactory(government=cast.home, unit=cast.unit, state="acknowledged")
    with pytest.raises(StepRefused) as refused:
        report_directive(
            directive=row,
            progress=Progress(" "),
            form_key=uuid4(),
            by=cast[Role.OPD_HEAD],
            now=NOW,
        )
    assert "what was done" in refused.value.missing[0].sentence


def test_the_database_refuses_half_a_subject_and_wrong_percents(cast):
    for wrong in ({"subject_kind": "zone"}, {"percent": 101}, {"text": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            DirectiveFactory(government=cast.home, unit=cast.unit, **wrong)


def test_each_move_reaches_the_one_whose_move_it_is(cast):
    head, operator, mayor = cast[Role.OPD_HEAD], cast[Role.OPD_OPERATOR], cast[Role.MAYOR]
    row = give(cast)
    assert (unread_count(head), unread_count(operator), unread_count(mayor)) == (1, 1, 0)
    acknowledge_directive(directive=row, by=operator, now=NOW)
    assert (unread_count(head), unread_count(mayor)) == (0, 0)
    for _round in range(2):
        STEPS["report"](row, head)
        assert (unread_count(head), unread_count(mayor)) == (0, 1)
        STEPS["return"](row, mayor)
        assert (unread_count(head), unread_count(mayor)) == (1, 0)
    STEPS["report"](row, head)
    finish_directive(directive=row, by=mayor, now=NOW)
    assert unread_count(mayor) == 0
    assert InboxItem.objects.filter(settled_at=None).count() == 2
    verbs = set(LedgerEntry.objects.values_list("verb", flat=True))
    assert {"directive.given", "directive.report", "directive.return", "directive.finish"} <= verbs


def test_ledger_and_items_hold_no_words(cast):
    give(cast, text="Dismiss Budi", office_title="Secretary Siti")
    seen = str(list(LedgerEntry.objects.values_list("codes", flat=True)))
    seen += str(list(InboxItem.objects.values()))
    assert "Budi" not in seen
    assert "Siti" not in seen


def test_overdue_goes_up_to_the_sekda_until_it_is_finished(cast):
    ReminderClock.objects.create(government=cast.home, started_on=date(2020, 1, 1))
    row = give(cast)
    remind(government=cast.home, now=NOW + timedelta(days=2))
    assert InboxItem.objects.filter(sentence="late", role=Role.OPD_HEAD).count() == 1
    for days in (3, 4, 9):
        remind(government=cast.home, now=NOW + timedelta(days=days))
    assert Escalation.objects.get(kind="directive").unit == cast.unit

    acknowledge_directive(directive=row, by=cast[Role.OPD_HEAD], now=NOW)
    STEPS["report"](row, cast[Role.OPD_HEAD])
    remind(government=cast.home, now=NOW + timedelta(days=10))
    waiting = Escalation.objects.get(kind="directive")
    assert (waiting.role, waiting.unit) == (Role.MAYOR, None)

    finish_directive(directive=row, by=cast[Role.MAYOR], now=NOW)
    remind(government=cast.home, now=NOW + timedelta(days=20))
    assert not Escalation.objects.filter(kind="directive", settled_at=None).exists()
    assert InboxItem.objects.filter(kind="directive", sentence="escalated").count() == 1


def test_lists_filter_late_open_done_and_by_unit(cast):
    late = DirectiveFactory(government=cast.home, unit=cast.unit, due_on=date(2026, 3, 1))
    open_one = DirectiveFactory(government=cast.home, unit=cast.below, due_on=date(2026, 5, 1))
    done = DirectiveFactory(government=cast.home, unit=cast.other_unit, state="finished")
    DirectiveFactory(government=cast.away, unit=cast.away_unit)

    def seen(role, state, unit=None):
        return list(directives(cast[role], state=state, unit=unit, today=TODAY))

    assert seen(Role.MAYOR, "open") == [late, open_one]
    assert seen(Role.SEKDA, "late") == [late]
    assert seen(Role.MAYOR, "done") == [done]
    assert len(seen(Role.MAYOR, "all")) == 3
    assert seen(Role.MAYOR, "open", cast.below.pk) == [open_one]
    assert seen(Role.LIAISON_OFFICER, "all") == [open_one, late]
    assert seen(Role.PLANNER, "all") == []
    assert seen(Role.TPN_REVIEWER, "all") == []


def test_figures_for_dashboards_in_one_query(cast, django_assert_num_queries):
    DirectiveFactory.create_batch(2, government=cast.home, unit=cast.unit, due_on=date(2026, 3, 1))
    DirectiveFactory(government=cast.home, unit=cast.other_unit, due_on=date(2026, 5, 1))
    DirectiveFactory(government=cast.home, unit=cast.other_unit, state="finished")
    DirectiveFactory(government=cast.home, unit=cast.below, state="withdrawn")
    with django_assert_num_queries(1):
        figures = directive_figures(cast.home.pk, TODAY)
    assert (figures.open, figures.late, figures.finished) == (3, 2, 1)
    assert [(row.name, row.open, row.late) for row in figures.units] == [
        ("Dinas Satu", 2, 2),
        ("Dinas Dua", 1, 0),
    ]


def test_units_that_end_show_what_is_open(cast):
    DirectiveFactory(government=cast.home, unit=cast.unit)
    DirectiveFactory(government=cast.home, unit=cast.unit, state="finished")
    assert directives_after([cast.unit.pk, cast.below.pk], TODAY) == {cast.unit.pk: 1}
    assert len(list(due_directives(cast.home, TODAY))) == 1
    assert {DirectiveState.FINISHED, DirectiveState.WITHDRAWN}.isdisjoint(DIRECTIVE_OPEN)


def test_a_subject_is_seen_only_by_who_may_see_it(cast):
    row = give(cast, unit=cast.unit, subject=("unit", str(cast.other_unit.pk)))
    assert subjects.find(cast[Role.MAYOR], "unit", row.subject_id).label == "Dinas Dua"
    assert subjects.find(cast[Role.OPD_HEAD], "unit", row.subject_id) is None
    assert subjects.find(cast.away_offices[Role.MAYOR], "unit", row.subject_id) is None
    assert about(cast[Role.MAYOR], "unit", row.subject_id) == [row]
    for kind, pk in (("unit", "x"), ("unit", "9" * 40), ("nothing", "1"), ("unit", "²")):
        assert subjects.find(cast[Role.MAYOR], kind, pk) is None

"""Promises made in public: recorded once, judged by what one sees, shown to everybody."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, InternalError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from integrity_portal.core.models import LedgerEntry
from integrity_portal.core.partial_dates import PartialDate, Precision
from opd.actions.promises import (
    PromiseConflict,
    PromiseFacts,
    edit_promise,
    judge_promise,
    record_promise,
    reopen_promise,
)
from opd.enums import PromiseState, Role
from opd.models import Promise
from opd.queries.directives import kept_promises, promises
from opd.tests.factories_calendar import PromiseFactory
from opd.transitions import StepRefused
from opd.workflow import PROMISE

NOW = datetime(2026, 4, 1, 3, tzinfo=UTC)
TODAY = date(2026, 4, 1)
FACTS = PromiseFacts("Wali Kota", "Every complaint is answered", PartialDate(date(2019, 9, 16)))
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def keeper(cast):
    return cast[Role.ZI_SECRETARIAT]


def judge(row, by, **changes):
    values = {"is_kept": True, "on": TODAY, "proof_note": "On the notice board", **changes}
    return judge_promise(promise=row, by=by, now=NOW, today=TODAY, **values)


def edit(row, by, **changes):
    values = {"facts": FACTS, "version": 0, "reason": "typed wrongly", **changes}
    return edit_promise(promise=row, by=by, now=NOW, **values)


def test_recorded_once_with_its_ledger_entry(keeper):
    values = {"facts": FACTS, "form_key": uuid4(), "by": keeper, "now": NOW, "today": TODAY}
    assert record_promise(**values) == record_promise(**values)
    entry = LedgerEntry.objects.get(verb="promise.recorded")
    assert "complaint" not in str(entry.codes)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.MAYOR, Role.ZI_SECRETARIAT}))
def test_nobody_else_records_or_judges(cast, role):
    row = PromiseFactory(government=cast.home)
    with pytest.raises(PermissionDenied):
        record_promise(facts=FACTS, form_key=uuid4(), by=cast[role], now=NOW, today=TODAY)
    with pytest.raises(PermissionDenied):
        edit(row, cast[role])
    with pytest.raises(StepRefused):
        judge(row, cast[role])


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (PromiseFacts("W", " ", FACTS.said), "what was promised"),
        (PromiseFacts("W", "x", PartialDate(date(2027, 1, 1))), "lies ahead"),
        (PromiseFacts("W", "x", FACTS.said, due=PartialDate(date(2018, 1, 1))), "before it was"),
    ],
)
def test_what_cannot_be_recorded(keeper, facts, sentence):
    with pytest.raises(StepRefused, match=sentence):
        record_promise(facts=facts, form_key=uuid4(), by=keeper, now=NOW, today=TODAY)


def test_corrected_by_two_people_at_once(cast, keeper):
    row = PromiseFactory(government=cast.home)
    edit(row, keeper)
    edit(row, keeper)
    other = PromiseFacts("Sekda", "Something else", FACTS.said)
    with pytest.raises(PromiseConflict) as conflict:
        edit(row, cast[Role.MAYOR], facts=other)
    assert conflict.value.current.text == FACTS.text
    assert LedgerEntry.objects.filter(verb="promise.edited").count() == 1


def test_what_it_said_before_stays_readable(cast, keeper, client_as):
    row = PromiseFactory(government=cast.home, text="Two counters", due_on=date(2025, 11, 7))
    with pytest.raises(StepRefused, match="Write why"):
        edit(row, keeper, reason=" ")
    edit(row, keeper)
    edit(row, keeper)
    old = row.editions.get()
    assert (old.text, old.due_on, old.reason) == (
        "Two counters",
        date(2025, 11, 7),
        "typed wrongly",
    )
    own = client_as(keeper).get(reverse("opd:promise", args=[row.pk])).content.decode()
    assert "Two counters" in own
    assert "typed wrongly" in own
    public = Client().get(reverse("reports:transparency", args=[cast.home.slug])).content.decode()
    assert "Sampai 1 April 2026 bunyinya: “Two counters”" in public
    assert "typed wrongly" not in public
    with pytest.raises(InternalError, match="Cannot update"), transaction.atomic():
        row.editions.update(text="Nothing")


@pytest.mark.parametrize("state", PromiseState.values)
@pytest.mark.parametrize("step", ["keep", "break", "reopen"])
def test_every_step_from_every_state_by_every_role(cast, step, state):
    table = PROMISE.get(step)
    settled = {} if state == "open" else {"settled_on": TODAY, "proof_note": "seen"}
    for role in Role.values:
        row = PromiseFactory(government=cast.home, state=state, **settled)
        allowed = state in table.sources and role in table.roles
        try:
            if step == "reopen":
                reopen_promise(promise=row, reason="wrong", by=cast[role], now=NOW)
            else:
                judge(row, cast[role], is_kept=step == "keep")
        except StepRefused:
            assert not allowed, role
        row.refresh_from_db()
        assert row.state == (table.target if allowed else state)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"proof_note": " "}, "by what one sees"),
        ({"on": date(2026, 4, 2)}, "lies ahead"),
        ({"on": date(2019, 1, 1)}, "before the promise"),
    ],
)
def test_a_judgement_needs_a_day_and_a_proof(cast, keeper, changes, sentence):
    with pytest.raises(StepRefused, match=sentence):
        judge(PromiseFactory(government=cast.home), keeper, **changes)
    with pytest.raises(IntegrityError), transaction.atomic():
        PromiseFactory(government=cast.home, state="kept", settled_on=TODAY, proof_note="")


def test_a_judged_promise_is_not_rewritten(cast, keeper):
    row = judge(PromiseFactory(government=cast.home), keeper)
    judge(row, keeper)
    with pytest.raises(StepRefused, match="judged"):
        edit(row, keeper)
    with pytest.raises(StepRefused, match="Write why"):
        reopen_promise(promise=row, reason=" ", by=keeper, now=NOW)
    reopen_promise(promise=row, reason="counted wrongly", by=keeper, now=NOW)
    assert [step.name for step in row.steps.order_by("pk")] == ["keep", "reopen"]


@pytest.mark.parametrize(
    ("day", "precision", "is_past"),
    [
        (date(2026, 3, 31), Precision.DAY, True),
        (date(2026, 4, 1), Precision.DAY, False),
        (date(2026, 3, 1), Precision.MONTH, True),
        (date(2026, 4, 1), Precision.MONTH, False),
        (date(2025, 1, 1), Precision.YEAR, True),
        (date(2026, 1, 1), Precision.YEAR, False),
    ],
)
def test_a_month_is_over_when_its_last_day_is(cast, keeper, day, precision, is_past):
    row = PromiseFactory(government=cast.home, due_on=day, due_on_precision=precision)
    assert row.is_past_due(TODAY) is is_past
    assert list(promises(keeper, state="late", today=TODAY)) == ([row] if is_past else [])


def test_what_the_public_page_may_say(cast, keeper, django_assert_num_queries):
    row = judge(PromiseFactory(government=cast.home, unit=cast.unit, place="Balai kota"), keeper)
    PromiseFactory(government=cast.home, said_on=date(2019, 9, 16))
    PromiseFactory(government=cast.away)
    with django_assert_num_queries(2):
        shown = kept_promises(cast.home, TODAY)
    assert [(p.state, p.unit, p.place) for p in shown] == [
        ("kept", "Dinas Satu", "Balai kota"),
        ("open", "", ""),
    ]
    assert keeper.user.name not in str(shown)
    assert Promise.objects.get(pk=row.pk).recorded_by is None


def test_the_screens(cast, keeper, client_as):
    client = client_as(keeper)
    data = {
        "form_key": str(uuid4()),
        "version": "0",
        "promised_by": "Wali Kota",
        "said": "September 2019",
        "due": "2024",
        "unit": "",
    }
    refused = client.post(reverse("opd:promise_new"), data)
    assert refused.status_code == 422
    assert "September 2019" in refused.content.decode()
    made = client.post(reverse("opd:promise_new"), {**data, "text": "Semua OPD"})
    row = Promise.objects.get()
    assert made.url == reverse("opd:promise", kwargs={"pk": row.pk})
    assert (row.said_on_precision, row.due_on_precision) == ("month", "year")
    page = client.get(made.url).content.decode()
    assert "September 2019" in page

    judged = reverse("opd:promise_judge", kwargs={"pk": row.pk})
    assert client.post(judged, {"outcome": "kept", "on": "1/1/2025"}).status_code == 422
    answer = {"outcome": "broken", "on": "1/1/2025", "proof_note": "Baru separuh"}
    assert client.post(judged, answer).status_code == 302
    assert client.post(judged, {**answer, "outcome": "kept"}).status_code == 302
    row.refresh_from_db()
    assert row.state == "kept"
    again = reverse("opd:promise_reopen", kwargs={"pk": row.pk})
    assert client.post(again, {"reason": "Keliru"}).status_code == 302

    edit = reverse("opd:promise_edit", kwargs={"pk": row.pk})
    assert (
        client.post(
            edit, {**data, "text": "Semua OPD, bertahap", "reason": "Salah ketik"}
        ).status_code
        == 302
    )
    clash = client.post(edit, {**data, "text": "Lain lagi", "reason": "Keliru"})
    assert clash.status_code == 409
    assert "Lain lagi" in clash.content.decode()


def test_the_list_costs_the_same_for_two_and_for_seven(cast, client_as):
    client = client_as(cast[Role.PLANNER])
    counts = []
    for rows in (2, 5):
        PromiseFactory.create_batch(rows, government=cast.home, unit=cast.unit)
        client.get(reverse("opd:promises"))
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("opd:promises"))
        counts.append(len(captured))
    assert counts[0] == counts[1]

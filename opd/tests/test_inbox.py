"""Items of the inbox: to whom, once, read, on the page, how people want to be told."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from integrity_portal.core.models import LedgerEntry
from opd.actions.inbox import choose_messages, mark_all_read, mark_read, notify, settle_items
from opd.enums import MessageWish, Role
from opd.models import InboxItem, InboxReading, MessageChoice
from opd.queries.inbox import hours_of, message_choice, unread_count
from opd.reminders import Hours, Owner
from opd.tests.factories import MembershipFactory, UserFactory
from opd.tests.factories_calendar import DirectiveFactory, InboxItemFactory
from opd.transitions import StepRefused

NOW = datetime(2026, 4, 1, 3, tzinfo=UTC)
LINK = ("calendar", "2026.propose")
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def tell(cast, owner, key="k", sentence="near"):
    return notify(government=cast.home, owner=owner, key=key, link=LINK, sentence=sentence, now=NOW)


def test_the_same_key_comes_once_to_the_same_address(cast):
    owner = Owner(role=Role.ZI_SECRETARIAT)
    assert tell(cast, owner) is not None
    assert tell(cast, owner) is None
    assert tell(cast, Owner(role=Role.SEKDA)) is not None
    assert tell(cast, Owner(role=Role.OPD_HEAD, unit_id=cast.unit.pk)) is not None
    assert tell(cast, Owner(membership_id=cast[Role.MAYOR].pk)) is not None
    assert InboxItem.objects.count() == 4
    entry = LedgerEntry.objects.filter(verb="inbox_item.written").first()
    assert entry.codes == {"kind": "calendar", "link": "2026.propose", "sentence": "near"}


def test_an_unknown_sentence_is_a_mistake_of_ours(cast):
    with pytest.raises(ValueError, match="sentence"):
        tell(cast, Owner(role=Role.SEKDA), sentence="Pak Budi harus datang")


def test_every_office_finds_its_own(cast):
    tell(cast, Owner(role=Role.OPD_HEAD, unit_id=cast.unit.pk))
    tell(cast, Owner(role=Role.OPD_HEAD, unit_id=cast.other_unit.pk))
    other = MembershipFactory(government=cast.home, unit=cast.other_unit, role=Role.OPD_HEAD)
    colleague = MembershipFactory(government=cast.home, unit=cast.unit, role=Role.OPD_HEAD)

    assert unread_count(cast[Role.OPD_HEAD]) == 1
    assert unread_count(other) == 1
    assert unread_count(cast[Role.OPD_OPERATOR]) == 0
    assert unread_count(cast.away_offices[Role.OPD_HEAD]) == 0
    # Reading is each person's own: the colleague still has it.
    mark_read(by=cast[Role.OPD_HEAD], items=[InboxItem.objects.first().pk], now=NOW)
    assert (unread_count(cast[Role.OPD_HEAD]), unread_count(colleague)) == (0, 1)


def test_who_comes_into_the_office_tomorrow_finds_it_too(cast):
    tell(cast, Owner(membership_id=cast[Role.SEKDA].pk))
    stand_in = MembershipFactory(
        government=cast.home,
        role=Role.SEKDA,
        substitutes_for=cast[Role.SEKDA],
        office_status="plh",
        valid_to=date(2099, 1, 1),
    )
    assert unread_count(stand_in) == 1
    assert unread_count(MembershipFactory(government=cast.home, role=Role.SEKDA)) == 0


def test_reading_again_and_what_belongs_to_others_change_nothing(cast):
    item = tell(cast, Owner(role=Role.SEKDA))
    assert mark_read(by=cast[Role.MAYOR], items=[item.pk], now=NOW) == 0
    assert mark_read(by=cast[Role.SEKDA], items=[item.pk], now=NOW) == 1
    assert mark_read(by=cast[Role.SEKDA], items=[item.pk], now=NOW) == 0
    assert InboxReading.objects.count() == 1


def test_what_came_after_the_page_was_shown_stays_unread(cast):
    InboxItemFactory(government=cast.home, created_at=NOW)
    InboxItemFactory(government=cast.home, created_at=NOW + timedelta(minutes=5))
    office = cast[Role.ZI_SECRETARIAT]
    assert mark_all_read(by=office, until=NOW + timedelta(minutes=1), now=NOW) == 1
    assert unread_count(office) == 1


def test_settled_items_wait_for_nobody(cast):
    tell(cast, Owner(role=Role.SEKDA))
    tell(cast, Owner(role=Role.SEKDA), key="up", sentence="escalated")
    assert settle_items(government=cast.home, link=LINK, now=NOW, keep="escalated") == 1
    assert unread_count(cast[Role.SEKDA]) == 1
    assert settle_items(government=cast.home, link=LINK, now=NOW) == 1
    assert settle_items(government=cast.home, link=LINK, now=NOW) == 0


# --- pages ---


def test_the_menu_counts_without_a_query_of_its_own(cast, client_as):
    InboxItemFactory.create_batch(3, government=cast.home)
    client = client_as(cast[Role.ZI_SECRETARIAT])
    with CaptureQueriesContext(connection) as captured:
        page = client.get(reverse("opd:account")).content.decode()
    assert '<span class="count">3<span' in page
    asked = [q["sql"] for q in captured.captured_queries if "opd_inboxitem" in q["sql"]]
    assert len(asked) == 1
    assert 'FROM "opd_membership"' in asked[0]


def test_the_inbox_costs_the_same_for_two_and_for_seven(cast, client_as):
    client = client_as(cast[Role.OPD_HEAD])
    counts = []
    for rows in (2, 5):
        for _number in range(rows):
            row = DirectiveFactory(government=cast.home, unit=cast.unit)
            InboxItemFactory(
                government=cast.home,
                role=Role.OPD_HEAD,
                unit=cast.unit,
                kind="directive",
                link_id=str(row.pk),
                sentence="directive.given",
            )
        client.get(reverse("opd:inbox"))
        with CaptureQueriesContext(connection) as captured:
            page = client.get(reverse("opd:inbox")).content.decode()
        counts.append(len(captured))
    assert page.count("Buka<span") == 7
    assert counts[0] == counts[1]


def test_opening_reads_and_leads_on(cast, client_as):
    item = InboxItemFactory(government=cast.home)
    client = client_as(cast[Role.ZI_SECRETARIAT])
    url = reverse("opd:inbox_open", kwargs={"pk": item.pk})

    assert client.get(url).status_code == 405
    answer = client.post(url)

    assert answer.url == reverse("opd:calendar_date", kwargs={"year": 2026, "key": "propose"})
    assert unread_count(cast[Role.ZI_SECRETARIAT]) == 0
    assert client.post(url, {"stay": "1"}).url == reverse("opd:inbox")


def test_what_one_may_not_see_is_not_named(cast, client_as):
    row = DirectiveFactory(government=cast.home, unit=cast.other_unit, text="Rahasia dinas lain")
    item = InboxItemFactory(
        government=cast.home,
        role=Role.OPD_HEAD,
        unit=cast.unit,
        kind="directive",
        link_id=str(row.pk),
        sentence="directive.given",
    )
    client = client_as(cast[Role.OPD_HEAD])
    page = client.get(reverse("opd:inbox")).content.decode()
    assert "Rahasia" not in page
    assert client.post(reverse("opd:inbox_open", kwargs={"pk": item.pk})).url == reverse(
        "opd:inbox"
    )


def test_everything_is_read_by_one_button(cast, client_as):
    InboxItemFactory.create_batch(3, government=cast.home)
    client = client_as(cast[Role.ZI_SECRETARIAT])
    for until in ("nonsense", "2026-13-45T99:99", timezone.now().isoformat()):
        client.post(reverse("opd:inbox_read_all"), {"until": until})
    assert unread_count(cast[Role.ZI_SECRETARIAT]) == 0


# --- how to be told ---


def test_everybody_begins_with_one_summary_at_seven(cast):
    choice = message_choice(UserFactory())
    assert (choice.wish, hours_of(choice)) == (MessageWish.AUTO, Hours(7, 20, 6))
    assert hours_of(None) == Hours(7, 20, 6)


def test_the_choice_is_ones_own(cast, client_as):
    client = client_as(cast[Role.OPD_HEAD])
    data = {"wish": "mail", "digest_hour": "9", "quiet_from": "17", "quiet_until": "8"}
    assert client.post(reverse("opd:message_choice"), data).status_code == 302
    row = MessageChoice.objects.get()
    assert (row.user, row.wish, hours_of(row)) == (
        cast[Role.OPD_HEAD].user,
        "mail",
        Hours(9, 17, 8),
    )
    refused = client.post(reverse("opd:message_choice"), {**data, "digest_hour": "18"})
    assert refused.status_code == 422
    assert "tidak ingin diganggu" in refused.content.decode()
    for wrong in ("24", "-1", "x", ""):
        answer = client.post(reverse("opd:message_choice"), {**data, "quiet_from": wrong})
        assert answer.status_code == 422


def test_an_hour_that_never_comes_is_refused(cast):
    person = cast[Role.SEKDA].user
    with pytest.raises(StepRefused, match="Choose another hour"):
        choose_messages(person=person, by=cast[Role.SEKDA], wish="auto", hours=Hours(22, 20, 6))
    choose_messages(person=person, by=cast[Role.SEKDA], wish="none", hours=Hours(22, 20, 6))
    assert LedgerEntry.objects.filter(verb="message_choice.saved").count() == 1

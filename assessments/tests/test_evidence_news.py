"""What the TPI returned and who took an example back is told to the unit, once for a batch."""

import pytest
from django.urls import reverse

from assessments.actions.answers import save_answer
from assessments.actions.evidence import Source, detach_evidence, revise_evidence
from assessments.actions.evidence_verdicts import release_example, withdraw_example
from assessments.answering import Said
from assessments.enums import Assessor, ItemMark
from assessments.models import EvidenceUse, WorksheetItem
from assessments.queries.evidence import EXAMPLE_KIND
from assessments.tests.evidence_pages import reading, words
from assessments.tests.factories_evidence import (
    CODE,
    NOW,
    OTHER,
    approved,
    arrived,
    item,
    judged,
    make_sheet,
    proven,
    with_tpi,
)
from opd.actions.inbox import mark_read
from opd.enums import Role
from opd.models import InboxItem, Membership
from opd.queries.inbox import unread_count
from opd.tests.factories import MembershipFactory

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def sheet(cast):
    return make_sheet(cast)


@pytest.fixture
def colleague(cast) -> Membership:
    return MembershipFactory(government=cast.home, unit=cast.unit, role=Role.OPD_OPERATOR)


def returned(use: EvidenceUse, by: Membership) -> EvidenceUse:
    return judged(use, by, accepted=False, note="Belum ditandatangani.")


def told() -> set[tuple[int | None, str]]:
    rows = InboxItem.objects.filter(settled_at=None)
    return set(rows.values_list("membership", "sentence"))


def answered(cast, sheet, code: str, by: Membership) -> None:
    row = item(sheet, code)
    option = next(iter(sheet.instrument.instrument.questions[code].scale.options))
    save_answer(
        item=row, assessor=Assessor.UNIT, said=Said(option=option), version=0, by=by, now=NOW
    )


def test_who_answered_and_who_was_asked_are_told_with_a_link(
    cast, sheet, colleague, client_as
) -> None:
    use = proven(cast, sheet)
    answered(cast, sheet, CODE, colleague)
    WorksheetItem.objects.filter(pk=use.item_id).update(assignee=cast[Role.OPD_HEAD])
    returned(use, with_tpi(cast, sheet))
    assert told() == {
        (colleague.pk, "evidence.returned"),
        (cast[Role.OPD_HEAD].pk, "evidence.returned"),
    }
    client = reading(client_as(colleague))
    page = words(client, reverse("opd:inbox"))
    assert "Returned by the TPI. Read why, and mend it" in page
    assert f"LKE {sheet.year_text} · {cast.unit.label}" in page
    row = InboxItem.objects.get(membership=colleague)
    there = client.post(reverse("opd:inbox_open", args=[row.pk]))["Location"]
    assert there == f"{reverse('assessments:evidence')}?show=returned"
    assert use.evidence.title in words(client, there)


def test_a_batch_is_one_message_and_the_next_after_reading_another(cast, sheet) -> None:
    writer = cast[Role.OPD_OPERATOR]
    uses = [proven(cast, sheet, title=f"SK {number}") for number in range(3)]
    auditor = with_tpi(cast, sheet)
    for use in uses[:2]:
        returned(use, auditor)
    assert unread_count(writer) == 1
    mark_read(by=writer, items=[InboxItem.objects.get().pk], now=NOW)
    returned(uses[2], auditor)
    assert unread_count(writer) == 1
    assert InboxItem.objects.count() == 2


def test_where_nobody_answered_who_brought_the_document_is_told(cast, sheet) -> None:
    returned(proven(cast, sheet), with_tpi(cast, sheet))
    assert told() == {(cast[Role.OPD_OPERATOR].pk, "evidence.returned")}


def test_who_left_the_office_is_replaced_by_the_operators(cast, sheet, colleague) -> None:
    answered(cast, sheet, CODE, colleague)
    use = proven(cast, sheet)
    Membership.objects.filter(pk=colleague.pk).update(valid_to=NOW.date().replace(day=1, month=1))
    auditor = with_tpi(cast, sheet)
    returned(use, auditor)
    row = InboxItem.objects.get()
    assert (row.membership, row.role, row.unit) == (None, Role.OPD_OPERATOR, cast.unit)
    returned(use, auditor)
    assert InboxItem.objects.count() == 1


def test_what_is_accepted_after_all_waits_for_nobody(cast, sheet) -> None:
    first, second = proven(cast, sheet), proven(cast, sheet, OTHER)
    auditor = with_tpi(cast, sheet)
    returned(first, auditor)
    returned(second, auditor)
    judged(first, auditor)
    assert told()
    judged(second, auditor)
    assert not told()


def test_a_new_revision_or_taking_it_away_settles_the_message(cast, sheet) -> None:
    writer = cast[Role.OPD_OPERATOR]
    first, second = proven(cast, sheet), proven(cast, sheet, OTHER)
    auditor = with_tpi(cast, sheet)
    returned(first, auditor)
    returned(second, auditor)
    sheet.items.filter(code__in=[CODE, OTHER]).update(mark=ItemMark.RETURNED)
    source = Source(arrived(writer, "baru"))
    revise_evidence(evidence=first.evidence, source=source, by=writer, now=NOW)
    assert told()
    detach_evidence(use=second, by=writer, now=NOW)
    assert not told()


def test_an_example_that_others_take_back_is_told_and_its_own_is_not(cast, sheet) -> None:
    writer = cast[Role.OPD_OPERATOR]
    use = proven(cast, sheet)
    judged(use, with_tpi(cast, sheet))
    approved(cast, sheet)
    for by, expected in (
        (writer, set()),
        (cast[Role.ZI_SECRETARIAT], {(writer.pk, "evidence.example_withdrawn")}),
    ):
        copy = arrived(writer, f"Salinan {by.pk}", EXAMPLE_KIND)
        example = release_example(use=use, stored=copy, by=writer, now=NOW)
        withdraw_example(example=example, by=by, now=NOW)
        assert told() == expected
    row = InboxItem.objects.get()
    assert (row.kind, row.link_id) == ("evidence", str(use.evidence_id))

"""Reads of the inbox: one's own items, how many are unread, what is late, whom to tell."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import (
    CharField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator

from opd import subjects
from opd.enums import IdentifierKind, MessageWish, Role
from opd.models import (
    Directive,
    Escalation,
    Government,
    InboxItem,
    InboxReading,
    LoginIdentifier,
    Membership,
    MessageChoice,
    OwnDate,
    User,
)
from opd.reminders import SENTENCES, Hours
from opd.year_calendar import calendar_of


@dataclass(frozen=True)
class Row:
    """An item as its reader sees it; without `url` it is nothing he may open."""

    item: InboxItem
    sentence: str
    word: str
    label: str
    url: str
    is_read: bool
    is_late: bool


def unread_of_office() -> Coalesce:
    """Beside an office: how many items are unread in it."""
    place = Q(unit=None) | Q(unit=OuterRef("unit"))
    mine = Q(membership=OuterRef("pk")) | Q(membership=OuterRef("substitutes_for"))
    read = InboxReading.objects.filter(item=OuterRef("pk"), membership=OuterRef(OuterRef("pk")))
    items = InboxItem.objects.filter(
        ~Exists(read),
        mine | Q(membership=None, role=OuterRef("role")) & place,
        government=OuterRef("government"),
        settled_at=None,
    )
    counted = items.order_by().values("government").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted), 0)


MOST_ON_DASHBOARD = 6
OWN_KINDS = frozenset({"calendar", "directive"})


def _directive_text() -> Subquery:
    """Beside an escalation, if it is of a directive."""
    rows = Directive.objects.alias(link=Cast("pk", CharField())).filter(
        government=OuterRef("government"), link=OuterRef("link_id")
    )
    kind = ExpressionWrapper(OuterRef("kind"), output_field=CharField())
    return Subquery(rows.alias(kind=kind).filter(kind="directive").values("text")[:1])


def _own_title() -> Subquery:
    """Beside an escalation, if it is of the government's own date."""
    key = Concat(Cast("year", CharField()), Value(".own-"), Cast("pk", CharField()))
    rows = OwnDate.objects.alias(link=key).filter(
        government=OuterRef("government"), link=OuterRef("link_id")
    )
    return Subquery(rows.values("title")[:1])


def unread_count(membership: Membership) -> int:
    """The number in the menu; it comes with the office, or it is one query."""
    known = getattr(membership, "unread", None)
    if known is not None:
        return int(known)
    return InboxItem.objects.for_office(membership).unread_by(membership).count()


def items_of(membership: Membership) -> QuerySet[InboxItem]:
    """Unread ones first, then the newest. Settled ones stay readable."""
    read = InboxReading.objects.filter(item=OuterRef("pk"), membership=membership)
    return (
        InboxItem.objects.for_office(membership)
        .annotate(is_read=Exists(read))
        .order_by("-created_at", "-pk")
    )


def rows(membership: Membership, items: list[InboxItem], today: date) -> list[Row]:
    """With what they lead to, as far as the person may see it: a query per kind."""
    known = subjects.resolve(membership, [(item.kind, item.link_id) for item in items])
    found = []
    for item in items:
        subject = known.get((item.kind, item.link_id))
        found.append(
            Row(
                item=item,
                sentence=str(SENTENCES.get(item.sentence, "")),
                word=subjects.word_of(item.kind),
                label=subject.label if subject else "",
                url=subject.url if subject else "",
                is_read=getattr(item, "is_read", False) or item.settled_at is not None,
                is_late=_is_late(item, today),
            )
        )
    return found


def _is_late(item: InboxItem, today: date) -> bool:
    """A reminder says itself when its thing is overdue: some count as on time after their day."""
    if item.settled_at is not None or item.due_on is None or item.sentence == "near":
        return False
    return item.due_on < today


def by_day(found: list[Row]) -> list[tuple[date, list[Row]]]:
    """Folded by the day on which they came, newest day first."""
    days: dict[date, list[Row]] = defaultdict(list)
    for row in found:
        days[timezone.localtime(row.item.created_at).date()].append(row)
    return list(days.items())


def item_of(membership: Membership, pk: int) -> InboxItem | None:
    return InboxItem.objects.for_office(membership).filter(pk=pk).first()


@dataclass(frozen=True)
class LateThing:
    """Something that went up to the Sekda. `whose` is a unit or an office."""

    word: str
    label: str
    url: str
    due_on: date
    days: int
    whose: str
    is_sample: bool
    pk: int = 0


def late_things(membership: Membership, today: date, limit: int = 50) -> list[LateThing]:
    """What is overdue and whose move it is, the oldest first: a query, and one per kind."""
    found = list(
        Escalation.objects.filter(government_id=membership.government_id, settled_at=None)
        .select_related("unit")
        .order_by("due_on", "pk")[:limit]
    )
    known = subjects.resolve(membership, [(row.kind, row.link_id) for row in found])
    things = []
    for row in found:
        subject = known.get((row.kind, row.link_id))
        things.append(
            LateThing(
                word=subjects.word_of(row.kind),
                label=subject.label if subject else "",
                url=subject.url if subject else "",
                due_on=row.due_on,
                days=(today - row.due_on).days,
                whose=_whose(row, membership.government),
                is_sample=row.is_sample,
                pk=row.pk,
            )
        )
    return things


def went_up(membership: Membership, today: date) -> list[LateThing]:
    """The same for the Sekda's start page: dates and directives are named by the first query,
    so that only other kinds cost one more.
    """
    found = (
        Escalation.objects.filter(government_id=membership.government_id, settled_at=None)
        .select_related("unit")
        .annotate(
            name=Coalesce(_directive_text(), _own_title(), Value(""), output_field=TextField())
        )
        .order_by("due_on", "pk")[: MOST_ON_DASHBOARD + 1]
    )
    known = subjects.resolve(
        membership, [(row.kind, row.link_id) for row in found if row.kind not in OWN_KINDS]
    )
    things = []
    for row in found:
        subject = known.get((row.kind, row.link_id))
        things.append(
            LateThing(
                word=subjects.word_of(row.kind),
                label=subject.label if subject else _name_of(row),
                url=subject.url if subject else _url_of(row),
                due_on=row.due_on,
                days=(today - row.due_on).days,
                whose=_whose(row, membership.government),
                is_sample=row.is_sample,
            )
        )
    return things


def _name_of(row: Escalation) -> str:
    name: str = getattr(row, "name", "")
    known = step_name(row.kind, row.link_id) or Truncator(name).chars(80)
    return known or subjects.word_of(row.kind)


def _url_of(row: Escalation) -> str:
    if row.kind == "directive" and getattr(row, "name", None):
        return reverse("opd:directive", args=[int(row.link_id)])
    year, _separator, key = row.link_id.partition(".")
    if row.kind == "calendar" and year.isdigit() and key:
        return reverse("opd:calendar_date", args=[int(year), key])
    return f"{reverse('opd:late')}#late-{row.pk}"


def _whose(row: Escalation, government: Government) -> str:
    if row.unit:
        return row.unit.label
    return Role(row.role).label_in(government.kind) if row.role else ""


# --- whom to tell ---


@dataclass
class Addressee:
    """A person, how he wants to be told, and which items wait for his offices."""

    user_id: int
    phone: str
    mail: str
    hours: Hours
    items: list[InboxItem] = field(default_factory=list)


def governments_due(now: datetime) -> list[int]:
    """Governments whose round of reminders is due, also those that never had one."""
    rows = Government.objects.filter(
        Q(reminder_clock=None) | Q(reminder_clock__due_at__lte=now)
    ).order_by(F("reminder_clock__due_at").asc(nulls_first=True), "pk")
    return list(rows.values_list("pk", flat=True)[:100])


def fresh_items(government: Government, *, since: datetime) -> list[InboxItem]:
    """Items about which somebody may still have to be told."""
    rows = InboxItem.objects.filter(government=government, settled_at=None, created_at__gte=since)
    return list(rows.order_by("created_at", "pk"))


def addressees(government: Government, items: list[InboxItem], *, today: date) -> list[Addressee]:
    """Who holds an office today to which one of these goes unread; five queries."""
    to_office: dict[int, list[InboxItem]] = defaultdict(list)
    to_role: dict[tuple[str, int | None], list[InboxItem]] = defaultdict(list)
    for item in items:
        if item.membership_id:
            to_office[item.membership_id].append(item)
        else:
            to_role[item.role, item.unit_id].append(item)
    offices = Membership.objects.filter(
        Q(pk__in=to_office)
        | Q(substitutes_for__in=to_office)
        | Q(role__in={role for role, _unit in to_role}),
        government=government,
        user__is_active=True,
    ).valid_on(today)
    read = set(
        InboxReading.objects.filter(item__in=[item.pk for item in items]).values_list(
            "item_id", "membership_id"
        )
    )
    waiting: dict[int, dict[int, InboxItem]] = defaultdict(dict)
    for office in offices.order_by("pk"):
        mine = [
            *to_office.get(office.pk, []),
            *to_office.get(office.substitutes_for_id or 0, []),
            *to_role.get((office.role, None), []),
            *(to_role.get((office.role, office.unit_id), []) if office.unit_id else []),
        ]
        for item in mine:
            if (item.pk, office.pk) not in read:
                waiting[office.user_id][item.pk] = item
    return _reachable(waiting)


def _reachable(waiting: dict[int, dict[int, InboxItem]]) -> list[Addressee]:
    choices = {row.user_id: row for row in MessageChoice.objects.filter(user__in=waiting)}
    phones, mails = _addresses(list(waiting))
    found = []
    for user_id, items in sorted(waiting.items()):
        choice = choices.get(user_id)
        wish = MessageWish(choice.wish) if choice else MessageWish.AUTO
        if wish == MessageWish.NONE:
            continue
        phone = "" if wish == MessageWish.MAIL else phones.get(user_id, "")
        mail = "" if wish == MessageWish.WHATSAPP else mails.get(user_id, "")
        found.append(Addressee(user_id, phone, mail, hours_of(choice), list(items.values())))
    return found


def _addresses(user_ids: list[int]) -> tuple[dict[int, str], dict[int, str]]:
    """Number and address of each person; the account's own mailbox goes before an identifier."""
    phones: dict[int, str] = {}
    mails: dict[int, str] = {}
    rows = LoginIdentifier.objects.filter(
        user__in=user_ids, kind__in=[IdentifierKind.PHONE, IdentifierKind.EMAIL]
    ).order_by("pk")
    for row in rows:
        target = phones if row.kind == IdentifierKind.PHONE else mails
        target.setdefault(row.user_id, row.value)
    own = User.objects.filter(pk__in=user_ids).exclude(email="").values_list("pk", "email")
    return phones, {**mails, **dict(own)}


def message_choice(user: User) -> MessageChoice:
    """What the person chose, or the defaults, not saved."""
    return MessageChoice.objects.filter(user=user).first() or MessageChoice(user=user)


def hours_of(choice: MessageChoice | None) -> Hours:
    if choice is None:
        return Hours()
    return Hours(choice.digest_hour, choice.quiet_from, choice.quiet_until)


def step_name(kind: str, link_id: str) -> str:
    """The name of a step of the ZI year: it is data, not something that somebody typed."""
    if kind != "calendar":
        return ""
    year, _separator, key = link_id.partition(".")
    if not year.isdigit():
        return ""
    steps: dict[str, Any] = {step.key: step.name for step in calendar_of(int(year)).steps}
    return str(steps.get(key, ""))

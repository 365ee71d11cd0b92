"""One-time codes, closing, second factor, identifiers, sessions; who may touch whose account."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation

from integrity_portal.core.models import LedgerEntry
from opd import letters, queries
from opd.actions.accounts import (
    CODE_LETTERS,
    add_identifier,
    close_account,
    end_sessions,
    issue_reset_code,
    remove_identifier,
    remove_second_factor,
    rename_person,
    reopen_account,
    reset_password,
)
from opd.enums import FactorRemoval, IdentifierKind, Role
from opd.models import Letter, ResetCode
from opd.tests.factories import PASSWORD, LoginIdentifierFactory, MembershipFactory, UserFactory
from opd.transitions import StepRefused

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 9, tzinfo=ZoneInfo("Asia/Jakarta"))
NEW = "kopi pahit tanpa gula"


@pytest.fixture(autouse=True)
def _english() -> None:
    """Sentences are matched as they stand in the code."""
    translation.activate("en")


def newest():
    return LedgerEntry.objects.order_by("-pk").first()


@pytest.fixture
def admin(cast):
    return cast[Role.ADMINISTRATOR]


@pytest.fixture
def unit_admin(cast):
    return MembershipFactory(
        government=cast.home, role=Role.ADMINISTRATOR, unit=cast.unit, title="Administrator Dinas"
    )


@pytest.fixture
def person(cast):
    return cast[Role.OPD_OPERATOR].user


@pytest.fixture
def login(person):
    row = LoginIdentifierFactory(user=person)
    return row.kind, row.value


def issue(person, by, now=NOW):
    return issue_reset_code(person=person, by=by, now=now, today=TODAY)


def test_a_code_sets_the_password_once(admin, person, login):
    code = issue(person, admin)

    assert len(code) == 8
    assert set(code) <= set(CODE_LETTERS)
    assert not set("ILOU01") & set(CODE_LETTERS)
    assert newest().verb == "reset_code.issued"
    assert reset_password(
        login=login, code=f" {code[:4].lower()}-{code[4:]} ", password=NEW, now=NOW
    )
    person.refresh_from_db()
    assert person.check_password(NEW)
    assert newest().verb == "reset_code.used"
    assert not reset_password(login=login, code=code, password="lain sama sekali", now=NOW)


def test_only_a_keyed_hash_is_stored(admin, person):
    code = issue(person, admin)

    row = ResetCode.objects.get()
    assert code not in row.code_hash
    assert len(row.code_hash) == 64
    assert code not in str(list(LedgerEntry.objects.values()))


def test_a_code_lives_a_day(admin, person, login):
    code = issue(person, admin)

    late = NOW + timedelta(hours=24)
    assert not reset_password(login=login, code=code, password=NEW, now=late)
    assert reset_password(login=login, code=code, password=NEW, now=late - timedelta(seconds=1))


def test_five_wrong_tries_kill_the_code(admin, person, login):
    code = issue(person, admin)

    for _ in range(5):
        assert not reset_password(login=login, code="WRONG234", password=NEW, now=NOW)

    assert not reset_password(login=login, code=code, password=NEW, now=NOW)
    assert ResetCode.objects.get().failures == 5


def test_four_wrong_tries_do_not(admin, person, login):
    code = issue(person, admin)
    for _ in range(4):
        reset_password(login=login, code="WRONG234", password=NEW, now=NOW)

    assert reset_password(login=login, code=code, password=NEW, now=NOW)


def test_a_new_code_replaces_the_old(admin, person, login):
    old, new = issue(person, admin), issue(person, admin)

    assert not reset_password(login=login, code=old, password=NEW, now=NOW)
    assert reset_password(login=login, code=new, password=NEW, now=NOW)


def test_a_code_fits_only_its_person(cast, admin, person):
    other = LoginIdentifierFactory(user=cast[Role.OPD_HEAD].user)
    code = issue(person, admin)

    assert not reset_password(login=(other.kind, other.value), code=code, password=NEW, now=NOW)


@pytest.mark.parametrize("who", ["unknown", "none", "wrong", "closed"])
def test_every_failure_costs_one_hash(who, admin, person, login, monkeypatch):
    """Wrong code, unknown identifier, closed account: the same work, the same answer."""
    from django.contrib.auth import hashers

    work = []
    real = hashers.MD5PasswordHasher.encode
    monkeypatch.setattr(
        hashers.MD5PasswordHasher, "encode", lambda *args: work.append(1) or real(*args)
    )
    code = issue(person, admin)
    if who == "closed":
        close_account(person=person, by=admin, today=TODAY)
    tried = {"unknown": (IdentifierKind.NIP, "199912312020121009"), "none": None}.get(who, login)

    answer = reset_password(
        login=tried, code="WRONG234" if who == "wrong" else code, password=NEW, now=NOW
    )

    assert (answer, len(work)) == (False, 1)


def test_a_password_like_the_name_keeps_the_code_good(admin, person, login):
    person.name = "Bambang Sukarno Putra"
    person.save()
    code = issue(person, admin)

    with pytest.raises(ValidationError):
        reset_password(login=login, code=code, password="bambangsukarnoputra", now=NOW)
    assert reset_password(login=login, code=code, password=NEW, now=NOW)


def test_a_reset_leaves_the_second_factor_and_ends_sessions(admin, person, login, client_as, cast):
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": "x"})
    client = client_as(cast[Role.OPD_OPERATOR])
    assert client.get(reverse("opd:account")).status_code == 200

    reset_password(login=login, code=issue(person, admin), password=NEW, now=NOW)

    assert Authenticator.objects.filter(user=person).exists()
    assert client.get(reverse("opd:account")).status_code == 302


RESET = {"password1": NEW, "password2": NEW}


@pytest.mark.django_db
def test_the_reset_page_says_the_same_for_all_failures(client, admin, person, login):
    issue_reset_code(person=person, by=admin, now=datetime.now(ZoneInfo("UTC")), today=TODAY)
    pages = []
    for identifier in (login[1], "199912312020121009", "siapa@contoh.id", "junk"):
        values = {**RESET, "identifier": identifier, "code": "WRONG234"}
        response = client.post(reverse("reset"), values)
        assert response.status_code == 200
        form = response.context["form"]
        pages.append((form.errors.as_json(), list(form.errors)))

    assert len({str(page) for page in pages}) == 1
    assert "administrator" in pages[0][0]


@pytest.mark.django_db
def test_the_reset_page_works_end_to_end(client, admin, person, login):
    code = issue_reset_code(person=person, by=admin, now=datetime.now(ZoneInfo("UTC")), today=TODAY)
    values = {**RESET, "identifier": login[1], "code": code}

    response = client.post(reverse("reset"), values)

    assert response.url == reverse("account_login")
    signed_in = client.post(response.url, {"login": login[1], "password": NEW})
    assert signed_in.status_code == 302


@pytest.mark.django_db
def test_the_reset_page_counts_tries_per_identifier(client):
    values = {**RESET, "identifier": "199912312020121009", "code": "WRONG234"}
    seen = [client.post(reverse("reset"), values).status_code for _ in range(10)]
    spaced = client.post(
        reverse("reset"), {**values, "identifier": "19991231 202012 1 009"}, REMOTE_ADDR="10.9.8.7"
    )

    assert set(seen) == {200}
    assert spaced.status_code == 429
    assert int(spaced.headers["Retry-After"]) > 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({}, "identifier"),
        ({"password1": "pendek", "password2": "pendek"}, "password1"),
        ({"password1": NEW, "password2": "lain sama sekali"}, "password2"),
        ({"password1": "1234567890", "password2": "1234567890"}, "password1"),
    ],
)
def test_the_reset_page_refuses_bad_input(client, values, field):
    response = client.post(reverse("reset"), values)

    assert response.status_code == 200
    assert field in response.context["form"].errors


def matrix_of_touching(cast, unit_admin):
    """Who may manage whose account: (administrator, person, allowed)."""
    home, unit, below = cast.home, cast.unit, cast.below

    def somebody(**values):
        return MembershipFactory(**{"government": home, "role": Role.OPD_OPERATOR, **values}).user

    two_branches = somebody(unit=below)
    MembershipFactory(
        user=two_branches, government=home, role=Role.OPD_OPERATOR, unit=cast.other_unit
    )
    two_governments = somebody(unit=unit)
    MembershipFactory(
        user=two_governments, government=cast.away, role=Role.OPD_HEAD, unit=cast.away_unit
    )
    moved = somebody(unit=unit)
    MembershipFactory(
        user=moved,
        government=cast.away,
        role=Role.OPD_HEAD,
        unit=cast.away_unit,
        valid_to=date(2026, 11, 19),
    )
    retired = somebody(unit=below, valid_to=date(2026, 1, 1))
    root = somebody(unit=unit)
    root.is_staff = True
    root.save()
    admin = cast[Role.ADMINISTRATOR]
    other_unit_admin = MembershipFactory(
        government=home, role=Role.ADMINISTRATOR, unit=below, title="Administrator UPTD"
    )
    return [
        (admin, cast[Role.MAYOR].user, True),
        (admin, cast[Role.OPD_HEAD].user, True),
        (admin, unit_admin.user, True),
        (admin, admin.user, False),
        (admin, two_governments, False),
        (admin, moved, True),
        (admin, retired, True),
        (admin, root, False),
        (admin, cast.away_offices[Role.OPD_HEAD].user, False),
        (admin, UserFactory(), False),
        (unit_admin, cast[Role.OPD_HEAD].user, True),
        (unit_admin, somebody(unit=below), True),
        (unit_admin, retired, True),
        (unit_admin, unit_admin.user, False),
        (unit_admin, other_unit_admin.user, False),
        (unit_admin, admin.user, False),
        (unit_admin, somebody(unit=cast.other_unit), False),
        (unit_admin, two_branches, False),
        (unit_admin, two_governments, False),
        (unit_admin, somebody(role=Role.SEKDA), False),
        (unit_admin, cast[Role.TPN_REVIEWER].user, False),
        (cast[Role.SEKDA], cast[Role.OPD_HEAD].user, False),
        (cast[Role.IT_TEAM], cast[Role.OPD_HEAD].user, False),
        (cast[Role.MAYOR], cast[Role.OPD_HEAD].user, False),
        (cast[Role.OPD_HEAD], cast[Role.OPD_OPERATOR].user, False),
    ]


@pytest.mark.parametrize(
    "action",
    [
        lambda person, by: issue_reset_code(person=person, by=by, now=NOW, today=TODAY),
        lambda person, by: close_account(person=person, by=by, today=TODAY),
        lambda person, by: rename_person(person=person, name="Nama Baru", by=by, today=TODAY),
        lambda person, by: add_identifier(
            person=person, login=(IdentifierKind.NIP, "198203042008011005"), by=by, today=TODAY
        ),
    ],
    ids=["reset", "close", "rename", "identifier"],
)
def test_who_may_touch_whose_account(cast, unit_admin, action):
    rows = matrix_of_touching(cast, unit_admin)
    seen = []
    for by, person, _allowed in rows:
        with transaction.atomic():
            try:
                action(person, by)
                seen.append(True)
            except PermissionDenied:
                seen.append(False)
            transaction.set_rollback(True)

    assert seen == [allowed for _by, _person, allowed in rows]


def test_a_closed_account_is_out_at_once_and_stays_out(cast, admin, person, login, client_as):
    client = client_as(cast[Role.OPD_OPERATOR])

    close_account(person=person, by=admin, today=TODAY)

    assert newest().verb == "account.closed"
    assert client.get(reverse("opd:account")).status_code == 302
    with pytest.raises(StepRefused, match="already closed"):
        close_account(person=person, by=admin, today=TODAY)
    signing_in = Client().post(reverse("account_login"), {"login": login[1], "password": PASSWORD})
    assert signing_in.status_code == 200

    reopen_account(person=person, by=admin, today=TODAY)

    assert newest().verb == "account.reopened"
    assert client.get(reverse("opd:account")).status_code == 302, "the old session came back"
    with pytest.raises(StepRefused, match="already open"):
        reopen_account(person=person, by=admin, today=TODAY)


def test_removing_a_second_factor_tells_the_person(cast, admin, unit_admin, person):
    add_identifier(
        person=person, login=(IdentifierKind.EMAIL, "operator@contoh.id"), by=admin, today=TODAY
    )
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": "x"})
    values = {"person": person, "reason": FactorRemoval.LOST, "now": NOW, "today": TODAY}

    with pytest.raises(PermissionDenied, match="government"):
        remove_second_factor(by=unit_admin, **values)
    remove_second_factor(by=admin, **values)

    assert not Authenticator.objects.filter(user=person).exists()
    assert (newest().verb, newest().codes) == ("second_factor.removed", {"reason": "lost"})
    letter = Letter.objects.get()
    assert "operator@contoh.id" not in letter.sealed
    assert letters.due(NOW) == [letter.pk]
    assert letters.deliver(pk=letter.pk, now=NOW)
    assert mail.outbox[0].to == ["operator@contoh.id"]
    letter.refresh_from_db()
    assert (letter.job_state, letter.sealed) == ("done", "")
    assert not letters.deliver(pk=letter.pk, now=NOW), "sent once"
    with pytest.raises(StepRefused, match="no second"):
        remove_second_factor(by=admin, **values)


def test_a_mail_server_that_is_away_costs_only_time(cast, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 9, 1
    letter = letters.post(
        to="a@contoh.id", subject="s", body="b", kind="test", now=NOW, government=cast.home
    )

    assert not letters.deliver(pk=letter.pk, now=NOW)

    letter.refresh_from_db()
    assert (letter.job_state, letter.attempts) == ("waiting", 1)
    assert letter.sealed
    assert letters.due(NOW) == []
    assert letters.due(NOW + timedelta(minutes=3)) == [letter.pk]


def test_line_breaks_do_not_reach_the_subject(cast):
    letter = letters.post(
        to="a@contoh.id",
        subject="s\r\nBcc: b@contoh.id",
        body="b",
        kind="test",
        now=NOW,
        government=None,
    )
    letters.deliver(pk=letter.pk, now=NOW)

    assert mail.outbox[0].subject == "s Bcc: b@contoh.id"
    assert mail.outbox[0].recipients() == ["a@contoh.id"]


def test_identifiers_are_added_and_removed(cast, admin, person, login):
    values = {"by": admin, "today": TODAY}
    add_identifier(person=person, login=(IdentifierKind.EMAIL, "satu@contoh.id"), **values)
    add_identifier(person=person, login=(IdentifierKind.EMAIL, "dua@contoh.id"), **values)
    assert newest().verb == "identifier.added"
    assert "satu" not in str(newest().codes)
    person.refresh_from_db()
    assert person.email == "satu@contoh.id"
    assert EmailAddress.objects.filter(user=person, verified=True).count() == 2
    with pytest.raises(StepRefused, match="Another account"):
        add_identifier(
            person=cast[Role.OPD_HEAD].user,
            login=(IdentifierKind.EMAIL, "satu@contoh.id"),
            **values,
        )

    first = person.identifiers.get(value="satu@contoh.id")
    remove_identifier(identifier=first, **values)

    assert newest().verb == "identifier.removed"
    person.refresh_from_db()
    assert person.email == "dua@contoh.id"
    assert EmailAddress.objects.get(user=person).primary
    remove_identifier(identifier=person.identifiers.get(value="dua@contoh.id"), **values)
    person.refresh_from_db()
    assert person.email == ""
    with pytest.raises(StepRefused, match="only way"):
        remove_identifier(identifier=person.identifiers.get(), **values)


def test_renaming_leaves_the_name_out_of_the_ledger(admin, person):
    rename_person(person=person, name="Siti Aminah", by=admin, today=TODAY)

    person.refresh_from_db()
    assert person.name == "Siti Aminah"
    assert (newest().verb, newest().codes) == ("account.renamed", {})


def test_ending_ones_sessions_keeps_the_one_in_hand(cast, client_as):
    here, elsewhere = client_as(cast[Role.OPD_HEAD]), client_as(cast[Role.OPD_HEAD])

    response = here.post(reverse("opd:sessions_end"))

    assert response.status_code == 302
    assert here.get(reverse("opd:account")).status_code == 200
    assert elsewhere.get(reverse("opd:account")).status_code == 302
    assert LedgerEntry.objects.filter(verb="account.sessions_ended").exists()
    end_sessions(person=cast[Role.OPD_HEAD].user, by=None)
    assert here.get(reverse("opd:account")).status_code == 302


def test_deciding_offices_fall_back_to_the_last_one(cast):
    user = UserFactory()
    for year, government in ((2021, cast.away), (2023, cast.home)):
        MembershipFactory(
            user=user,
            government=government,
            valid_from=date(year, 1, 1),
            valid_to=date(year, 12, 31),
        )

    found = queries.deciding_offices([user.pk], today=TODAY)[user.pk]

    assert [office.government for office in found] == [cast.home]

"""The TPI of a year: decree, functions, load, suggestions without a conflict."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from integrity_portal.core.models import LedgerEntry
from opd.actions import tpi as actions
from opd.actions.people import assign_tpi
from opd.enums import Role, TpiFunction
from opd.models import TpiAssignment, TpiMember, TpiTeam, UnitKindRule
from opd.queries import tpi as queries
from opd.tests.factories import LoginIdentifierFactory, MembershipFactory, UnitFactory
from opd.tests.factories_services import (
    EmployeePostFactory,
    TpiMemberFactory,
    TpiTeamFactory,
    stored_pdf,
)
from opd.transitions import StepRefused

TODAY = timezone.localdate()
YEAR = TODAY.year
NIP = "198503122010011007"


@pytest.fixture(autouse=True)
def _units_that_count(cast):
    for kind in ("dinas", "uptd"):
        UnitKindRule.objects.create(government=cast.home, unit_kind=kind)


@pytest.fixture
def by(cast):
    return cast[Role.INSPECTORATE]


@pytest.fixture
def team(cast):
    return TpiTeamFactory(government=cast.home, year=YEAR)


def save(by, **values):
    return actions.save_tpi_team(
        **{
            "by": by,
            "year": YEAR,
            "decree_number": "188/7/2026",
            "decided_on": date(2026, 1, 5),
            "scan": None,
            "version": 0,
            "today": TODAY,
            **values,
        }
    )


def assessor(team, unit=None, function=TpiFunction.ANGGOTA):
    role = {"role": Role.OPD_OPERATOR, "unit": unit} if unit else {"role": Role.PLANNER}
    member = MembershipFactory(government=team.government, **role)
    TpiMemberFactory(team=team, membership=member, function=function)
    return member


class TestTeam:
    def test_decree_scan_and_second_saver(self, cast, by):
        team = save(by)
        save(by, scan=stored_pdf(cast.home.pk), version=1)
        team.refresh_from_db()
        assert (team.version, team.scan_id is not None) == (2, True)
        with pytest.raises(StepRefused, match="Orang lain sudah menyimpan"):
            save(by, version=1)
        with pytest.raises(StepRefused, match="di depan"):
            save(by, version=2, decided_on=TODAY + timedelta(days=1))
        verbs = LedgerEntry.objects.filter(verb__startswith="tpi_team.").order_by("pk")
        assert [row.verb for row in verbs] == ["tpi_team.recorded", "tpi_team.edited"]

    def test_functions(self, cast, by, team):
        one, two = (MembershipFactory(government=cast.home) for _number in range(2))
        row = actions.add_tpi_member(by=by, team=team, member=one, function=TpiFunction.KETUA)
        with pytest.raises(StepRefused, match="sudah ada di tim"):
            actions.add_tpi_member(by=by, team=team, member=one, function=TpiFunction.ANGGOTA)
        with pytest.raises(StepRefused, match="di fungsi ini"):
            actions.add_tpi_member(by=by, team=team, member=two, function=TpiFunction.KETUA)
        assign_tpi(member=one, unit=cast.unit, year=YEAR, by=by, today=TODAY)
        with pytest.raises(StepRefused, match="masih menilai 1 unit"):
            actions.remove_tpi_member(by=by, row=row)
        TpiAssignment.objects.all().delete()
        actions.remove_tpi_member(by=by, row=row)
        assert not TpiMember.objects.exists()
        verbs = LedgerEntry.objects.filter(verb__startswith="tpi_member.").order_by("pk")
        assert [entry.verb for entry in verbs] == ["tpi_member.added", "tpi_member.removed"]

    def test_others_are_refused(self, cast, team):
        for role in (Role.SEKDA, Role.ZI_SECRETARIAT, Role.OPD_HEAD):
            with pytest.raises(PermissionDenied):
                save(cast[role])
        with pytest.raises(PermissionDenied):
            actions.add_tpi_member(
                by=cast[Role.INSPECTORATE],
                team=team,
                member=cast.away_offices[Role.SEKDA],
                function=TpiFunction.ANGGOTA,
            )

    def test_the_database_keeps_one_leader(self, team):
        TpiMemberFactory(team=team, function="ketua")
        with pytest.raises(IntegrityError, match="tpi_one_leader"), transaction.atomic():
            TpiMemberFactory(team=team, function="ketua")


class TestSuggestions:
    def need(self, cast, unit):
        found = queries.tpi_year(cast.home.pk, YEAR, today=TODAY)
        return next(row for row in found.needs if row.unit == unit)

    def test_least_loaded_first_and_nobody_with_a_conflict(self, cast, by, team):
        central = assessor(team)
        elsewhere = assessor(team, cast.other_unit)
        of_it, above_it = assessor(team, cast.below), assessor(team, cast.unit)
        assessor(team, function=TpiFunction.DALNIS)
        assign_tpi(member=central, unit=cast.other_unit, year=YEAR, by=by, today=TODAY)
        assert self.need(cast, cast.unit).possible == [elsewhere, central]
        assert set(self.need(cast, cast.other_unit).possible) == {of_it, above_it}

    def test_the_roster_is_a_conflict_too(self, cast, team):
        member = assessor(team)
        LoginIdentifierFactory(user=member.user, value=NIP)
        EmployeePostFactory(unit=cast.below, employee__nip=NIP)
        assert self.need(cast, cast.unit).possible == []
        assert self.need(cast, cast.other_unit).possible == [member]

    def test_every_suggestion_can_be_assigned_and_no_other(self, cast, by, team):
        """What is suggested, the database takes; what is not, it refuses."""
        members = [assessor(team, unit) for unit in (None, cast.unit, cast.below, cast.other_unit)]
        for unit in (cast.unit, cast.other_unit):
            possible = self.need(cast, unit).possible
            for member in members:
                try:
                    with transaction.atomic():
                        TpiAssignment.objects.create(
                            government=cast.home, membership=member, unit=unit, year=YEAR
                        )
                        transaction.set_rollback(True)
                    taken = True
                except IntegrityError:
                    taken = False
                assert taken == (member in possible)

    def test_units_without_and_load(self, cast, by, team):
        central = assessor(team)
        outside = MembershipFactory(government=cast.home, role=Role.PLANNER)
        assign_tpi(member=outside, unit=cast.unit, year=YEAR, by=by, today=TODAY)
        found = queries.tpi_year(cast.home.pk, YEAR, today=TODAY)
        assert cast.other_unit in [need.unit for need in found.without]
        assert [(row.membership, row.count, row.in_team) for row in found.loads] == [
            (central, 0, True),
            (outside, 1, False),
        ]


class TestScreens:
    def test_from_decree_to_assignment(self, cast, client_as):
        client = client_as(cast[Role.INSPECTORATE])
        decree = {
            "version": "0",
            "decree_number": "188/7/2026",
            "decided_on": "5 Januari 2026",
            "scan": SimpleUploadedFile("sk.txt", b"bukan"),
        }
        page = reverse("opd:tpi_team_edit")
        wrong = client.post(page, decree)
        assert wrong.status_code == 422
        assert "188/7/2026" in wrong.content.decode()
        del decree["scan"]
        assert client.post(page, decree).status_code == 302
        team = TpiTeam.objects.get()
        assert team.year == YEAR
        planner = cast[Role.PLANNER]
        LoginIdentifierFactory(user=planner.user, value=NIP)
        add = reverse("opd:tpi_member_add", args=[team.pk])
        client.post(add, {"identifier": NIP, "function": "anggota"})
        shown = client.get(reverse("opd:tpi_year")).content.decode()
        assert planner.user.name in shown
        assert "belum ada" in shown
        assign = reverse("opd:tpi_assign", args=[cast.unit.pk])
        client.post(assign, {"year": YEAR, "member": planner.pk})
        assert TpiAssignment.objects.get().membership == planner
        again = client.post(assign, {"year": YEAR, "member": planner.pk}, follow=True)
        assert "Pilih penilai dari daftar" in again.content.decode()

    def test_two_or_seven_cost_the_same(self, cast, client_as, team):
        client = client_as(cast[Role.INSPECTORATE])

        def add():
            member = assessor(team)
            TpiAssignment.objects.create(
                government=cast.home,
                membership=member,
                unit=UnitFactory(government=cast.home),
                year=YEAR,
            )

        def cost():
            client.get(reverse("opd:tpi_year"))
            with CaptureQueriesContext(connection) as captured:
                assert client.get(reverse("opd:tpi_year")).status_code == 200
            return len(captured)

        add()
        first = cost()
        for _number in range(6):
            add()
        assert cost() == first

"""The roster: taken in one by one or by a pasted list, moved, let go; names stay where they belong."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings, strategies as st

from integrity_portal.core.models import LedgerEntry
from opd.actions import employees as actions
from opd.actions.employees import EmployeeFacts
from opd.employee_rows import MOST_ROWS, SheetTooLong, read_rows
from opd.enums import Role
from opd.models import Employee, EmployeePost, TpiAssignment
from opd.queries import employees as queries
from opd.registry import RegistryRefused
from opd.tests.factories import LoginIdentifierFactory, MembershipFactory
from opd.tests.factories_services import EmployeeFactory, EmployeePostFactory
from opd.tests.unit_pages import url

# A busy machine is no fault of a rule.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
TODAY = timezone.localdate()
NIP = "198503122010011007"
OTHER = "199001012015012003"


@pytest.fixture
def by(cast):
    return cast[Role.OPD_OPERATOR]


class TestRows:
    @pytest.mark.parametrize(
        "text",
        [
            f"Siti Aminah\t{NIP}\tAnalis\t1/3/2024",
            "Siti Aminah;19850312 201001 1 007;Analis;2024-03-01",
            f'"Siti Aminah",{NIP},Analis,"1 Maret 2024"',
            f"NIP;Jabatan;Nama;TMT\n{NIP};Analis;Siti Aminah;01-03-2024\n",
            f"\r\nnama\tnip\tjabatan\tmulai\r\n\r\nSiti Aminah\t'{NIP}\tAnalis\t1/3/2024\r\n",
        ],
    )
    def test_as_people_paste_them(self, text):
        (row,) = read_rows(text)
        assert (row.name, row.nip, row.title, row.first_day, row.problem) == (
            "Siti Aminah",
            NIP,
            "Analis",
            date(2024, 3, 1),
            "",
        )

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            (f"\t{NIP}", "Nama belum ada"),
            ("Siti\t1.98503E+17", "membulatkan NIP"),
            ("Siti\t12345", "bukan NIP"),
            ("Siti\t199913012015012003", "bukan NIP"),
            (f"Siti\t{NIP}\tAnalis\tkemarin", "hari pertama"),
            ("S" + "i" * 150, "150 karakter"),
        ],
    )
    def test_each_bad_row_gets_a_sentence(self, text, sentence):
        (row,) = read_rows(text)
        assert sentence in row.problem

    def test_a_twin_is_refused_with_the_row_of_the_first(self):
        rows = read_rows(f"Siti\t{NIP}\n\nBudi\t{NIP}\nTono\t")
        assert [bool(row.problem) for row in rows] == [False, True, False]
        assert "baris 1" in rows[1].problem

    def test_too_long_a_list_is_said(self):
        with pytest.raises(SheetTooLong):
            read_rows("Siti\n" * (MOST_ROWS + 2))

    @unhurried
    @given(st.text(max_size=400))
    def test_any_text_is_read_without_a_crash(self, text):
        with translation.override("id"):
            for row in read_rows(text):
                assert row.problem or any(letter.isalpha() for letter in row.name)


class TestActions:
    def test_taken_in_corrected_moved_and_let_go(self, cast, by):
        post = actions.add_employee(
            by=by,
            unit=cast.unit,
            facts=EmployeeFacts("Siti", NIP, "Analis"),
            first_day=date(2024, 1, 1),
            today=TODAY,
        )
        actions.edit_employee(by=by, post=post, facts=EmployeeFacts("Siti Aminah", NIP, "Kepala"))
        began = actions.move_employee(
            by=by,
            post=post,
            to=cast.other_unit,
            title="Analis",
            first_day=date(2025, 1, 1),
            today=TODAY,
        )
        post.refresh_from_db()
        assert (post.valid_to, began.unit, began.employee.name) == (
            date(2024, 12, 31),
            cast.other_unit,
            "Siti Aminah",
        )
        actions.end_employment(by=cast[Role.ZI_SECRETARIAT], post=began, last_day=TODAY)
        verbs = LedgerEntry.objects.filter(verb__startswith="employee.").order_by("pk")
        assert [entry.verb for entry in verbs] == [
            "employee.added",
            "employee.edited",
            "employee.moved",
            "employee.ended",
        ]

    def test_who_comes_back_keeps_his_row(self, cast, by):
        past = EmployeePostFactory(
            unit=cast.other_unit, employee__nip=NIP, valid_to=date(2023, 5, 31)
        )
        post = actions.add_employee(
            by=by,
            unit=cast.unit,
            facts=EmployeeFacts("Siti", NIP),
            first_day=date(2024, 1, 1),
            today=TODAY,
        )
        assert post.employee_id == past.employee_id
        assert Employee.objects.count() == 1

    @pytest.mark.parametrize(
        ("facts", "first_day", "sentence"),
        [
            (EmployeeFacts("Siti", "123"), TODAY, "bukan NIP"),
            (EmployeeFacts("Siti", NIP), TODAY, "bekerja di unit lain"),
            (EmployeeFacts("Siti", OTHER), TODAY, "sudah ada di daftar unit ini"),
            (EmployeeFacts("Siti"), TODAY + timedelta(days=1), "belum tiba"),
        ],
    )
    def test_refused(self, cast, by, facts, first_day, sentence):
        EmployeePostFactory(unit=cast.other_unit, employee__nip=NIP)
        EmployeePostFactory(unit=cast.unit, employee__nip=OTHER)
        with pytest.raises(RegistryRefused, match=sentence):
            actions.add_employee(
                by=by, unit=cast.unit, facts=facts, first_day=first_day, today=TODAY
            )
        assert EmployeePost.objects.count() == 2

    def test_only_the_unit_itself_and_the_secretariat_write(self, cast):
        for role in (Role.LIAISON_OFFICER, Role.INSPECTORATE, Role.ADMINISTRATOR, Role.SEKDA):
            with pytest.raises(PermissionDenied):
                actions.add_employee(
                    by=cast[role],
                    unit=cast.unit,
                    facts=EmployeeFacts("Siti"),
                    first_day=TODAY,
                    today=TODAY,
                )

    def test_a_list_saves_the_good_rows_only(self, cast, by):
        EmployeePostFactory(unit=cast.unit, employee__nip=OTHER, employee__name="Lama")
        rows = read_rows(f"Siti\t{NIP}\tAnalis\nBaru\t{OTHER}\tKepala\nSalah\t12\nTono\t\tSatpam")
        counts = actions.import_employees(by=by, unit=cast.unit, rows=rows, today=TODAY)
        assert counts == {"new": 2, "changed": 1, "unchanged": 0, "refused": 1}
        names = set(Employee.objects.values_list("name", flat=True))
        assert names == {"Siti", "Baru", "Tono"}
        again = actions.import_employees(by=by, unit=cast.unit, rows=rows, today=TODAY)
        assert again == {"new": 0, "changed": 0, "unchanged": 3, "refused": 1}


class TestNobodyAssessesWhereHeWorks:
    """Both sides and every path of the roster, in raw SQL."""

    @pytest.fixture
    def assessor(self, cast):
        member = cast[Role.SEKDA]
        LoginIdentifierFactory(user=member.user, value=NIP)
        return member

    def assigned(self, cast, member):
        return TpiAssignment.objects.create(
            government=cast.home, membership=member, unit=cast.unit, year=TODAY.year
        )

    @pytest.mark.parametrize("place", ["unit", "below"])
    def test_who_works_there_is_not_assigned(self, cast, assessor, place):
        EmployeePostFactory(unit=getattr(cast, place), employee__nip=NIP)
        sql = (
            "INSERT INTO opd_tpiassignment (government_id, membership_id, unit_id, year)"
            " VALUES (%s, %s, %s, %s)"
        )
        with (
            pytest.raises(IntegrityError, match="nobody assesses his own unit"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql, [cast.home.pk, assessor.pk, cast.unit.pk, TODAY.year])

    def test_an_assignment_is_not_turned_to_where_he_works(self, cast, assessor):
        EmployeePostFactory(unit=cast.other_unit, employee__nip=NIP)
        self.assigned(cast, assessor)
        with (
            pytest.raises(IntegrityError, match="nobody assesses his own unit"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("UPDATE opd_tpiassignment SET unit_id = %s", [cast.other_unit.pk])

    def test_who_assesses_gets_no_post_there(self, cast, assessor):
        self.assigned(cast, assessor)
        worker = EmployeeFactory(government=cast.home, nip=NIP)
        elsewhere = EmployeePostFactory(unit=cast.other_unit, employee=worker)
        insert = (
            "INSERT INTO opd_employeepost (government_id, employee_id, unit_id, title, valid_from,"
            " valid_to) VALUES (%s, %s, %s, '', '2020-01-01', '2199-01-01')"
        )
        for sql, arguments in (
            (insert, [cast.home.pk, worker.pk, cast.below.pk]),
            (
                "UPDATE opd_employeepost SET unit_id = %s WHERE id = %s",
                [cast.unit.pk, elsewhere.pk],
            ),
        ):
            with (
                pytest.raises(IntegrityError, match="nobody works where he assesses"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(sql, arguments)

    def test_a_nip_does_not_come_in_through_the_back(self, cast):
        """Neither by giving the employee the NIP of an assessor, nor the assessor that NIP."""
        member = cast[Role.SEKDA]
        self.assigned(cast, member)
        post = EmployeePostFactory(unit=cast.unit, employee__nip=OTHER)
        LoginIdentifierFactory(user=member.user, value=NIP)
        for sql, arguments in (
            ("UPDATE opd_employee SET nip = %s WHERE id = %s", [NIP, post.employee_id]),
            ("UPDATE opd_loginidentifier SET value = %s WHERE value = %s", [OTHER, NIP]),
        ):
            with (
                pytest.raises(IntegrityError, match="nobody works where he assesses"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(sql, arguments)

    def test_the_action_says_what_to_do(self, cast, by, assessor):
        self.assigned(cast, assessor)
        with pytest.raises(RegistryRefused, match="dilepas dulu di halaman TPI"):
            actions.add_employee(
                by=by,
                unit=cast.unit,
                facts=EmployeeFacts("Siti", NIP),
                first_day=TODAY,
                today=TODAY,
            )

    def test_another_government_and_the_past_are_no_conflict(self, cast, assessor):
        EmployeePostFactory(unit=cast.away_unit, employee__nip=NIP)
        EmployeePostFactory(unit=cast.unit, employee__nip=NIP, valid_to=date(2021, 1, 1))
        assert self.assigned(cast, assessor).pk


class TestScreens:
    def test_paste_look_save_and_put_right(self, cast, client_as):
        client = client_as(cast[Role.OPD_OPERATOR])
        page = url("employee_import", cast.unit.pk)
        pasted = f"Siti Aminah\t{NIP}\tAnalis\nSalah\t12"
        looked = client.post(page, {"rows": pasted})
        shown = looked.content.decode()
        assert "1 baru, 0 berubah, 0 tetap, 1 ditolak" in shown
        assert "bukan NIP" in shown
        assert "Salah\t12" in shown
        assert not Employee.objects.exists()
        saved = client.post(page, {"rows": pasted, "save": "1"}).content.decode()
        assert "1 baris disimpan" in saved
        assert "Salah\t12" in saved
        assert "Siti Aminah\t" not in saved
        assert EmployeePost.objects.get().unit == cast.unit
        assert client.post(page, {"rows": pasted, "save": "1"}).status_code == 200
        assert Employee.objects.count() == 1

    def test_a_file_takes_the_place_of_the_box(self, cast, client_as):
        client = client_as(cast[Role.OPD_OPERATOR])
        page = url("employee_import", cast.unit.pk)
        content = f"nama;nip;jabatan\nSiti;{NIP};Analis\n".encode("cp1252")
        looked = client.post(page, {"file": SimpleUploadedFile("pegawai.csv", content)})
        assert "1 baru" in looked.content.decode()
        empty = client.post(page, {"rows": " "})
        assert empty.status_code == 422
        assert "Tempel sedikitnya satu baris" in empty.content.decode()
        excel = SimpleUploadedFile("pegawai.xlsx", b"PK\x03\x04abc")
        assert "CSV UTF-8" in client.post(page, {"file": excel}).content.decode()

    def test_forms(self, cast, client_as):
        client = client_as(cast[Role.OPD_HEAD])
        data = {"name": "Siti", "nip": NIP, "title": "Analis", "first_day": "1/1/2024"}
        assert client.post(url("employee_add", cast.unit.pk), data).status_code == 302
        post = EmployeePost.objects.get()
        assert "Siti" in client.get(url("roster", cast.unit.pk)).content.decode()
        moved = client.post(
            url("employee_move", post.pk),
            {"unit": cast.other_unit.pk, "title": "", "first_day": "1/2/2025"},
        )
        assert moved.status_code == 302
        assert "Siti" not in client.get(url("roster", cast.unit.pk)).content.decode()
        assert "Siti" in client.get(url("roster", cast.unit.pk), {"past": "1"}).content.decode()
        # Now he belongs elsewhere, and no longer to whom this unit may see.
        gone = EmployeePost.objects.get(valid_to=None)
        assert (
            client.post(url("employee_end", gone.pk), {"last_day": "1/3/2025"}).status_code == 404
        )

    def test_who_sees_names(self, cast, client_as):
        EmployeePostFactory(unit=cast.below, employee__name="Nama Rahasia", employee__nip=NIP)
        above = MembershipFactory(government=cast.home, role=Role.LIAISON_OFFICER, unit=cast.unit)
        below = MembershipFactory(government=cast.home, role=Role.OPD_OPERATOR, unit=cast.below)
        for member in (above, below, cast[Role.INSPECTORATE], cast[Role.ZI_SECRETARIAT]):
            page = client_as(member).get(url("roster", cast.below.pk)).content.decode()
            assert "Nama Rahasia" in page
            assert NIP in page
        for role in (Role.MAYOR, Role.SEKDA, Role.PLANNER, Role.ADMINISTRATOR, Role.TPN_REVIEWER):
            assert client_as(cast[role]).get(url("roster", cast.below.pk)).status_code in (403, 404)


def test_the_person_is_found_by_nip_in_his_own_government(cast):
    member = cast[Role.OPD_OPERATOR]
    LoginIdentifierFactory(user=member.user, value=NIP)
    EmployeePostFactory(unit=cast.away_unit, employee__nip=NIP)
    assert queries.employee_of_user(member.user_id, cast.home.pk) is None
    mine = EmployeePostFactory(unit=cast.unit, employee__nip=NIP).employee
    EmployeePostFactory(unit=cast.unit, employee__nip="")
    assert queries.employee_of_user(member.user_id, cast.home.pk) == mine

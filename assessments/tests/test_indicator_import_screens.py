"""The screens of indicator tables, and the command for the IT team."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from assessments.models import Indicator, IndicatorImport, Plan
from assessments.queries.indicator_imports import comparison_of
from assessments.tests.factories_rpjmd import TODAY, make_plan, plan_in_force, planner
from assessments.tests.plan_books import line, table
from opd.enums import IdentifierKind, Role
from opd.models import LoginIdentifier
from opd.tests.fixtures import Cast

pytestmark = pytest.mark.django_db
NIP = "198001012005011001"


@pytest.fixture
def plan(cast: Cast) -> Plan:
    return make_plan(cast)


@pytest.fixture
def client(cast: Cast, client_as: Any) -> Client:
    made: Client = client_as(planner(cast))
    return made


def url(name: str, plan: Plan, *args: Any) -> str:
    return reverse(f"assessments:{name}", args=[plan.pk, *args])


def send(client: Client, plan: Plan, data: bytes) -> Any:
    return client.post(url("rpjmd_import", plan), {"file": SimpleUploadedFile("rpjmd.xlsx", data)})


class TestScreens:
    def test_sent_looked_at_and_confirmed(self, client: Client, plan: Plan) -> None:
        data = table(line("Indeks <b>RB</b>", 70, 75), line("Rusak", "banyak"))
        response = send(client, plan, data)
        upload = IndicatorImport.objects.get()
        preview = url("rpjmd_import_preview", plan, upload.pk)
        assert response.url == preview
        page = client.get(preview).content.decode()
        assert "Indeks &lt;b&gt;RB&lt;/b&gt;" in page
        assert "G6" in page
        assert not Indicator.objects.exists()
        seen = comparison_of(upload, plan, TODAY).fingerprint
        answer = client.post(preview, {"do": "confirm", "fingerprint": seen}, follow=True)
        assert Indicator.objects.get().name == "Indeks <b>RB</b>"
        assert "G6" in answer.content.decode()

    def test_an_old_preview_is_shown_again(self, client: Client, plan: Plan) -> None:
        send(client, plan, table(line("A", 1)))
        upload = IndicatorImport.objects.get()
        preview = url("rpjmd_import_preview", plan, upload.pk)
        response = client.post(preview, {"do": "confirm", "fingerprint": "x"})
        assert response.status_code == 409
        assert not Indicator.objects.exists()

    def test_thrown_away(self, client: Client, plan: Plan) -> None:
        send(client, plan, table(line("A", 1)))
        upload = IndicatorImport.objects.get()
        preview = url("rpjmd_import_preview", plan, upload.pk)
        assert client.post(preview, {"do": "discard"}).url == url("rpjmd_import", plan)
        assert client.get(preview).status_code == 200
        assert client.post(preview, {"do": "confirm"}).status_code == 409

    def test_a_wrong_file_is_one_sentence_at_the_field(self, client: Client, plan: Plan) -> None:
        response = send(client, plan, b"%PDF-1.7")
        assert response.status_code == 422
        assert "PDF" in response.content.decode()

    def test_template_and_table_are_workbooks(self, client: Client, plan: Plan) -> None:
        for name in ("rpjmd_template", "rpjmd_table"):
            response = client.get(url(name, plan))
            assert response.content.startswith(b"PK")
            assert ".xlsx" in response.headers["Content-Disposition"]

    def test_the_table_of_a_plan_in_force_is_for_every_member(
        self, cast: Cast, client_as: Any
    ) -> None:
        plan = plan_in_force(cast)
        head = client_as(cast.offices[Role.OPD_HEAD])
        assert head.get(url("rpjmd_table", plan)).status_code == 200
        assert head.get(url("rpjmd_table", make_plan(cast))).status_code == 404


class TestCommand:
    @pytest.fixture
    def login(self, cast: Cast) -> str:
        LoginIdentifier.objects.create(user=planner(cast).user, kind=IdentifierKind.NIP, value=NIP)
        return NIP

    def run(self, *args: Any) -> tuple[str, str, int]:
        out, err = io.StringIO(), io.StringIO()
        try:
            call_command("import_indicators", *map(str, args), stdout=out, stderr=err)
        except SystemExit as ended:
            return out.getvalue(), err.getvalue(), int(ended.code or 0)
        return out.getvalue(), err.getvalue(), 0

    def test_it_only_says_what_would_happen(self, plan: Plan, tmp_path: Path) -> None:
        path = tmp_path / "a.xlsx"
        path.write_bytes(table(line("A", 1), line("B", "dua")))
        out, err, code = self.run(path, "--plan", plan.pk)
        assert code == 1
        assert "RPJMD!G6 (dua):" in err
        assert "RPJMD!D5  A" in out
        assert not Indicator.objects.exists()
        assert not IndicatorImport.objects.exists()

    def test_confirmed_the_good_rows_are_written(
        self, plan: Plan, login: str, tmp_path: Path
    ) -> None:
        path = tmp_path / "a.xlsx"
        path.write_bytes(table(line("A", 1), line("B", "dua")))
        out, _err, code = self.run(path, "--plan", plan.pk, "--as", login, "--confirm", "--json")
        report = json.loads(out)
        assert code == 1
        assert (report["confirmed"], report["counts"]["new"]) == (True, 4)
        assert [error["cell"] for error in report["errors"]] == ["G6"]
        assert Indicator.objects.get().name == "A"
        path.write_bytes(table(line("A", 1)))
        assert self.run(path, "--plan", plan.pk, "--as", login, "--confirm")[2] == 0

    def test_without_a_number_the_only_plan_is_taken(
        self, plan: Plan, login: str, tmp_path: Path, cast: Cast
    ) -> None:
        path = tmp_path / "a.xlsx"
        path.write_bytes(table(line("A", 7, 6, 5)))
        out, _err, code = self.run(path)
        assert code == 0
        assert plan.title in out
        assert "rendah" in out
        report = json.loads(self.run(path, "--as", login, "--confirm", "--json")[0])
        assert report["plan"] == {"id": plan.pk, "title": plan.title}
        assert any(row["remarks"] for row in report["rows"])
        assert Indicator.objects.get().node.plan == plan
        other = make_plan(cast, title="Rancangan lain")
        with pytest.raises(CommandError) as refused:
            self.run(path)
        for each in (plan, other):
            assert f"--plan {each.pk} " in str(refused.value)
            assert each.title in str(refused.value)

    def test_the_plan_in_force_goes_before_drafts(
        self, plan: Plan, login: str, tmp_path: Path, cast: Cast
    ) -> None:
        path = tmp_path / "a.xlsx"
        path.write_bytes(table(line("A", 1)))
        standing = plan_in_force(cast)
        for args in ((path, "--json"), (path, "--as", login, "--json")):
            assert json.loads(self.run(*args)[0])["plan"]["id"] == standing.pk

    def test_to_write_it_needs_an_office(self, plan: Plan, tmp_path: Path) -> None:
        path = tmp_path / "a.xlsx"
        path.write_bytes(table(line("A", 1)))
        for args in ((path, "--confirm"), (path, "--plan", plan.pk, "--confirm")):
            with pytest.raises(CommandError, match="--as"):
                self.run(*args)
        with pytest.raises(CommandError, match="Nobody"):
            self.run(path, "--as", "nobody@contoh.go.id")

    def test_what_it_refuses(self, plan: Plan, tmp_path: Path, cast: Cast) -> None:
        path = tmp_path / "a.xlsx"
        path.write_bytes(b"%PDF")
        with pytest.raises(CommandError, match="PDF"):
            self.run(path, "--plan", plan.pk)
        for args in (
            (path, "--plan", 0),
            (path, "--plan", plan.pk, "--confirm"),
            (path, "--plan", plan.pk, "--as", "nobody@contoh.go.id"),
            (tmp_path / "none.xlsx", "--plan", plan.pk),
        ):
            with pytest.raises(CommandError):
                self.run(*args)
        out, err, code = self.run(path, "--plan", plan.pk, "--json")
        assert (code, "PDF" in err, "refused" in json.loads(out)) == (1, True, True)

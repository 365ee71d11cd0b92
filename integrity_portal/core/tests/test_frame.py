"""Headers, language, reading without writing, outage, errors."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path, reverse

from integrity_portal.core import errors
from integrity_portal.core.http import local_path, records_access
from integrity_portal.core.middleware import WriteOnRead
from integrity_portal.core.models import Heartbeat
from integrity_portal.core.ratelimit import TooManyRequests
from integrity_portal.urls import (
    handler400,
    handler403,
    handler404,
    handler500,
    urlpatterns as real_patterns,
)
from opd.http import public

__all__ = ["handler400", "handler403", "handler404", "handler500"]

CSP = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
}


@public
def writes(request: HttpRequest) -> HttpResponse:
    Heartbeat.objects.update_or_create(name="x", defaults={"seen_at": "2026-01-01T00:00:00Z"})
    return HttpResponse("written")


recorded = public(records_access(lambda request: writes(request)))


@public
def fails(request: HttpRequest) -> HttpResponse:
    raise {
        "database": OperationalError("server closed the connection, password=secret"),
        "fault": ZeroDivisionError("Siti Rahayu"),
        "big": RequestDataTooBig(),
    }[request.GET["how"]]


urlpatterns = [
    path("writes", writes),
    path("recorded", recorded),
    path("fails", fails),
    *real_patterns,
]


def test_headers_are_exactly_these(client: Client, db: None) -> None:
    response = client.get(reverse("home"))
    policy = {part.strip() for part in response["Content-Security-Policy"].split(";")}
    assert policy == CSP
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cache-Control"] == "no-store, private"
    assert response["Content-Language"] == "id"
    assert not response.cookies


@pytest.mark.parametrize(
    ("asked", "kept", "header", "language"),
    [
        ("", "", "en-US,en", "id"),
        ("en", "", "", "en"),
        ("", "en", "", "en"),
        ("id", "en", "", "id"),
        ("xx", "", "", "id"),
    ],
)
def test_language_is_indonesian_until_chosen(
    client: Client, db: None, asked: str, kept: str, header: str, language: str
) -> None:
    client.cookies["django_language"] = kept
    query = {"lang": asked} if asked else {}
    response = client.get("/", query, headers={"accept-language": header})
    assert response["Content-Language"] == language
    assert f'lang="{language}"' in response.content.decode()


@pytest.mark.urls(__name__)
class TestReadingDoesNotWrite:
    @pytest.mark.parametrize("method", ["get", "head", "options"])
    def test_a_write_on_get_is_refused(self, client: Client, db: None, method: str) -> None:
        with pytest.raises(WriteOnRead):
            getattr(client, method)("/writes")
        assert not Heartbeat.objects.exists()

    def test_post_may_write(self, client: Client, db: None) -> None:
        assert client.post("/writes").status_code == 200

    def test_recorded_reading_may_write(self, client: Client, db: None) -> None:
        assert client.get("/recorded").status_code == 200
        assert Heartbeat.objects.exists()

    def test_a_common_table_expression_cannot_smuggle_a_write(self, db: None) -> None:
        from integrity_portal.core.middleware import reads_only

        assert not reads_only("WITH x AS (DELETE FROM opd_unit RETURNING 1) SELECT 1")
        assert not reads_only("SELECT 1; DELETE FROM opd_unit")
        assert reads_only("WITH x AS (SELECT 1) SELECT * FROM x")
        assert reads_only("(SELECT 1) UNION (SELECT 2)")
        assert not reads_only("(DELETE FROM opd_unit)")


@pytest.mark.urls(__name__)
class TestErrors:
    def test_database_away_keeps_the_text_and_hides_secrets(self, db: None) -> None:
        client = Client(raise_request_exception=False)
        response = client.post(
            "/fails?how=database", {"story": "Loket <3> tutup", "password": "rahasia-sekali"}
        )
        page = response.content.decode()
        assert response.status_code == 503
        assert "Loket &lt;3&gt; tutup" in page
        assert "rahasia-sekali" not in page
        assert "server closed" not in page
        assert response["Retry-After"] == "60"

    def test_a_fault_says_sorry_without_details(self, db: None) -> None:
        response = Client(raise_request_exception=False).get("/fails?how=fault")
        assert response.status_code == 500
        assert "Siti Rahayu" not in response.content.decode()

    def test_too_much_data_is_413(self, db: None) -> None:
        assert Client(raise_request_exception=False).post("/fails?how=big").status_code == 413

    @pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "text"])
    def test_a_text_that_is_too_long_hears_nothing_of_photos(self, kind: str, db: None) -> None:
        text = "a" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
        body: dict[str, Any] = {"data": {"login": text}}
        if kind == "text":
            body = {
                "data": f"login={text}",
                "content_type": "application/x-www-form-urlencoded",
            }
        response = Client(raise_request_exception=False).post(reverse("account_login"), **body)
        page = response.content.decode()
        assert response.status_code == 413
        assert "Teksnya terlalu panjang" in page
        assert "Salin, ringkas atau kirim per bagian" in page
        assert "foto" not in page

    def test_too_many_files_are_told_how_many_may_come(self, db: None) -> None:
        files = [SimpleUploadedFile(f"{n}.jpg", b"x") for n in range(101)]
        response = Client(raise_request_exception=False).post(
            reverse("account_login"), {"scan": files}
        )
        page = response.content.decode()
        assert response.status_code == 413
        assert "paling banyak 100 berkas" in page
        assert "Teksnya" not in page

    def test_unknown_page_is_404_in_indonesian(self, client: Client, db: None) -> None:
        response = client.get("/nothing-here")
        assert response.status_code == 404
        assert "Halaman ini tidak ada" in response.content.decode()


class TestNothingTypedIsLost:
    URL = "/app/units/add/"

    def test_when_the_sign_in_has_ended(self, client: Client, db: None) -> None:
        page = client.post(
            self.URL,
            {"name": "Dinas <Baru>", "code": "35.71", "password": "rahasia"},
            headers={"referer": "http://testserver/app/units/"},
        )
        text = page.content.decode()
        assert page.status_code == 403
        assert "Dinas &lt;Baru&gt;" in text
        assert "35.71" in text
        assert "rahasia" not in text
        assert "/accounts/login/?next=%2Fapp%2Funits%2F" in text

    def test_a_form_without_text_goes_to_the_sign_in(self, client: Client, db: None) -> None:
        page = client.post("/app/account/sessions/end/")
        assert page.status_code == 302
        assert page.headers["Location"] == "/accounts/login/?next=%2F"

    @pytest.mark.parametrize(("origin", "kept"), [("testserver", True), ("evil.example", False)])
    def test_when_the_form_grew_old(self, db: None, origin: str, kept: bool) -> None:
        page = Client(enforce_csrf_checks=True).post(
            self.URL, {"name": "Dinas Baru"}, headers={"origin": f"http://{origin}"}
        )
        assert page.status_code == 403
        assert ("Dinas Baru" in page.content.decode()) is kept

    def test_an_address_that_only_takes_forms_says_so(self, client_as: Any, cast: Any) -> None:
        page = client_as(cast["mayor"]).get("/app/switch/")
        assert page.status_code == 405
        assert "hanya menerima formulir" in page.content.decode()


@pytest.mark.parametrize("address", ["/verify/%00", "/app/units/?q=%00", "/?q=a%00b"])
def test_a_nul_byte_is_a_bad_request(client: Client, db: None, address: str) -> None:
    assert client.get(address).status_code == 400


@pytest.mark.urls(__name__)
def test_a_fault_leaves_a_line_with_its_number_and_no_text(
    db: None, caplog: pytest.LogCaptureFixture
) -> None:
    page = Client(raise_request_exception=False).get("/fails?how=fault")
    lines = [r for r in caplog.records if r.getMessage().startswith("core.request.failed")]
    assert len(lines) == 1
    assert page.status_code == 500
    from integrity_portal.core.logs import EventFormatter

    lines[0].request_id = "x"
    text = EventFormatter().format(lines[0])
    assert "ZeroDivisionError at" in text
    assert "Siti Rahayu" not in text


def test_csrf_failure_and_rate_limit_have_pages(rf: RequestFactory) -> None:
    from datetime import timedelta

    assert errors.csrf_failure(rf.post("/")).status_code == 403
    limited = errors.too_many_requests(rf.get("/"), TooManyRequests(timedelta(seconds=61)))
    assert limited.status_code == 429
    assert limited["Retry-After"] == "61"


@pytest.mark.parametrize(
    ("target", "path_"),
    [
        ("/app/units/?q=a b", "/app/units/?q=a%20b"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("", "/"),
    ],
)
def test_redirects_stay_on_this_site(target: str, path_: str) -> None:
    assert local_path(target, "/") == path_


class TestHealth:
    def test_healthz_needs_no_database(self, client: Client) -> None:
        assert client.get("/healthz").json() == {"up": True}

    def test_readyz_names_each_check(self, client: Client, db: None) -> None:
        response = client.get("/readyz")
        assert response.status_code == 200
        assert set(response.json()["checks"]) == {
            "database",
            "redis",
            "disk",
            "migrations",
            "worker",
            "dispatch",
        }

    def test_without_redis_people_can_go_on(self, client: Client, db: None, settings: Any) -> None:
        settings.REDIS_URL = "unix:///nowhere/redis.sock"
        response = client.get("/readyz")
        assert response.status_code == 200
        assert response.json()["checks"]["redis"] is False

    def test_without_database_it_is_not_ready(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*args: Any, **kwargs: Any) -> None:
            raise OperationalError("away")

        monkeypatch.setattr(connection, "cursor", refuse)
        assert client.get("/readyz").status_code == 503


def test_view_names_do_not_record_by_accident() -> None:
    """The exact list of pages whose reading is itself recorded."""
    assert recording_views() == RECORDING


# allauth notes that recovery codes were seen; both pages ask for the password first. Opening a
# finished document is itself recorded, and so is what a reviewer of the ministry opens of an LKE.
# The page behind a poster's code counts that it was opened, and nothing about who. Some providers
# of SMS deliver by GET.
RECORDING: set[str] = {
    "complaints:hook",
    "place",
    "assessments:minutes_scan",
    "assessments:tpn_letter_file",
    "assessments:worksheet",
    "assessments:rpjmd_booklets_zip",
    "assessments:worksheet_export",
    "assessments:worksheet_import",
    "assessments:worksheet_import_preview",
    "assessments:worksheet_minutes",
    "assessments:worksheet_tpn",
    "assessments:worksheets",
    "assessments:zone_worksheets",
    "assessments:worksheet_part",
    "assessments:worksheet_question",
    "assessments:worksheet_result",
    "assessments:worksheet_review",
    "mfa_view_recovery_codes",
    "mfa_download_recovery_codes",
    "reports:document_file",
    "assessments:evidence_use",
    "assessments:evidence_use_file",
}


def recording_views() -> set[str]:
    from django.urls import get_resolver

    def walk(patterns: Any, prefix: str = "") -> Any:
        for entry in patterns:
            if hasattr(entry, "url_patterns"):
                space = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
                yield from walk(entry.url_patterns, space)
            else:
                yield f"{prefix}{entry.name}", entry.callback

    views: list[tuple[str, Callable[..., Any]]] = list(walk(get_resolver().url_patterns))
    return {name for name, view in views if getattr(view, "records_access", False)}

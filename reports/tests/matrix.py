"""The doors of reports: documents, dashboards."""

from typing import Any

from django.utils import timezone

from integrity_portal.core.models import Document
from opd.enums import Role
from opd.tests.doors import EVERYBODY, Door
from opd.tests.fixtures import Cast

MAYOR = frozenset({Role.MAYOR.value})
SEKDA = frozenset({Role.SEKDA.value})
READERS = MAYOR | SEKDA


def document(variant: str, **values: Any) -> Any:
    def make(cast: Cast) -> dict[str, Any]:
        now = timezone.now()
        row = Document.objects.create(
            government_id=cast.home.pk,
            kind="reports.progress",
            variant=variant,
            title="Laporan uji",
            requested_at=now,
            next_try_at=now,
            **values,
        )
        return {"pk": row.pk}

    return make


MATRIX = [
    Door("reports:mayor", allowed=MAYOR, refused=404),
    Door("reports:sekda", allowed=SEKDA, refused=404),
    Door("reports:documents", allowed=EVERYBODY),
    Door("reports:document_new", allowed=READERS),
    Door("reports:schedule", allowed=READERS, refused=404),
    Door("reports:schedule_pause", allowed=READERS, refused=404, method="post"),
    Door("reports:schedule_resume", allowed=READERS, refused=404, method="post"),
    Door("reports:document", allowed=MAYOR, refused=404, kwargs=document("mayor")),
    # Nobody downloads what is not made yet: test_document_screens opens finished ones.
    Door(
        "reports:document_file",
        allowed=SEKDA,
        refused=404,
        kwargs=document("sekda"),
        answer={404},
        is_page=False,
    ),
    Door(
        "reports:document_cancel",
        allowed=SEKDA,
        refused=404,
        kwargs=document("sekda"),
        method="post",
    ),
    Door(
        "reports:document_retry",
        allowed=MAYOR,
        refused=404,
        kwargs=document("mayor", job_state="dead"),
        method="post",
    ),
]

# Opens for everybody: citizens have no account.
PUBLIC = {
    "reports:complaint_figures",
    "reports:verify",
    "reports:transparency",
    "reports:transparency_data",
}

"""The doors of other systems, figures and the monthly report."""

import io
from datetime import date

from django.utils import timezone

from complaints.actions.external import CaseFacts, link_case
from complaints.actions.lapor_imports import receive_export
from complaints.actions.reports import make_report
from complaints.models import MonthlyReport
from complaints.queries.monthly import documents_of
from complaints.tests.factories import ComplaintFactory
from complaints.tests.lapor_files import as_csv, row
from integrity_portal.core import files
from opd.enums import Role
from opd.models import Membership
from opd.tests.doors import FORM, Door
from opd.tests.factories import MembershipFactory

HANDLERS = frozenset({Role.LIAISON_OFFICER, Role.OPD_HEAD})
KEEPERS = frozenset({Role.COMPLAINT_COORDINATOR})
LINKERS = HANDLERS | KEEPERS
CENTRAL = KEEPERS | {Role.INSPECTORATE, Role.MAYOR, Role.SEKDA}
READERS = CENTRAL | HANDLERS


def keeper(cast) -> Membership:
    own = cast.offices[Role.COMPLAINT_COORDINATOR]
    if own.government_id == cast.home.pk:
        return own
    return MembershipFactory(
        government=cast.home, role=Role.COMPLAINT_COORDINATOR, unit=None, title="Koordinator"
    )


def of(cast, unit):
    complaint = ComplaintFactory(government=cast.home, state="in_progress", unit=unit)
    return {"pk": complaint.pk}


def case(cast, unit):
    complaint = ComplaintFactory(government=cast.home, state="in_progress", unit=unit)
    facts = CaseFacts(
        f"N{complaint.number}",
        "here",
        date(2026, 11, 2),
        status="Selesai",
        link="https://www.lapor.go.id/5501",
    )
    row = link_case(complaint=complaint, facts=facts, by=keeper(cast), now=timezone.now())
    return {"pk": row.pk}


def lapor_case(cast):
    """Filed there, finished there: may be finished here too."""
    complaint = ComplaintFactory(
        government=cast.home, channel="lapor", filed_by=keeper(cast), is_secret=True
    )
    facts = CaseFacts("77", "there", date(2026, 11, 2), "lapor", "Selesai", date(2026, 11, 2))
    row = link_case(complaint=complaint, facts=facts, by=keeper(cast), now=timezone.now())
    return {"pk": row.pk}


def linked_detail(cast):
    facts = CaseFacts("88", "here", date(2026, 11, 2), status="Proses")
    complaint = ComplaintFactory(government=cast.home, state="in_progress", unit=cast.unit)
    link_case(complaint=complaint, facts=facts, by=keeper(cast), now=timezone.now())
    return {"pk": complaint.pk}


def waiting(cast):
    """A preview with rows that are new, differ and are faulty."""
    data = as_csv(
        row("1", "Proses", Instansi="Dinas Khayal"), row("2", "Duplikat"), row("3", "x", Anonim="?"),
        row("4", "Proses", Isi_Laporan=""), row("5", "Selesai", Tanggal_Laporan="kapan"),
    )  # fmt: skip
    upload = receive_export(system="lapor", data=data, by=keeper(cast), now=timezone.now())
    return {"pk": upload.pk}


def paper(cast):
    """Made: a worker is not needed to serve it."""
    now = timezone.now()
    month = timezone.localdate(now).replace(day=1)
    make_report(month=month, by=keeper(cast), now=now)
    report = MonthlyReport.objects.get(government=cast.home)
    document = documents_of([report])[report.pk]
    data = b"%PDF-1.7 uji"
    document.file = files.store_made(
        io.BytesIO(data),
        size=len(data),
        name="laporan.pdf",
        kind="document",
        government_id=cast.home.pk,
    )
    document.save(update_fields=["file"])
    return {"pk": report.pk}


def only(name, allowed, **more):
    return Door(f"complaints:{name}", allowed=allowed, **more)


MATRIX = [
    only("detail", READERS, kwargs=linked_detail, case="linked"),
    only("statistics", READERS),
    only("statistics_csv", READERS, is_page=False),
    only("lapor_import", KEEPERS),
    only("lapor_import", KEEPERS, method="post", answer={422}),
    only("lapor_template", KEEPERS, is_page=False),
    only("lapor_preview", KEEPERS, kwargs=waiting),
    only("lapor_preview", KEEPERS, kwargs=waiting, method="post", answer={409}),
    only("differences", KEEPERS),
    only("case_settle", KEEPERS, kwargs=lapor_case),
    only("case_settle", KEEPERS, kwargs=lapor_case, method="post", answer=FORM),
    *(
        only(
            name,
            LINKERS,
            method=method,
            kwargs=lambda cast, make=make: make(cast, cast.unit),
            elsewhere=lambda cast, make=make: make(cast, cast.other_unit),
            answer=FORM,
        )
        for name, make in (("case_new", of), ("case_edit", case))
        for method in ("get", "post")
    ),
    only(
        "case_unlink",
        LINKERS,
        method="post",
        kwargs=lambda cast: case(cast, cast.unit),
        elsewhere=lambda cast: case(cast, cast.other_unit),
    ),
    only("category", KEEPERS, method="post", kwargs=lambda cast: of(cast, cast.unit)),
    only("report", CENTRAL),
    only("report_words", KEEPERS, method="post", answer={422}),
    only("report_pdf", KEEPERS, method="post"),
    only("report_xlsx", CENTRAL, is_page=False),
    only("report_file", CENTRAL, kwargs=paper, is_page=False),
]

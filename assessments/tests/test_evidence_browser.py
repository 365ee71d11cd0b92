"""Evidence as people see it: what passed elsewhere, a smaller copy, approved data, what was changed."""

import pytest
from django.urls import reverse

from assessments.actions.evidence_verdicts import release_example
from assessments.models import SmallerCopy
from assessments.queries.evidence import EXAMPLE_KIND, newest_revision
from assessments.tests.factories_evidence import (
    CODE,
    NOW,
    OTHER,
    approved,
    arrived,
    judged,
    make_sheet,
    proven,
    with_tpi,
)
from assessments.tests.test_evidence_pins import edited, settled
from integrity_portal.core import files
from integrity_portal.core.jobs import JobState
from integrity_portal.tests.test_every_page import look_at
from opd.enums import Role
from opd.tests.factories import MembershipFactory


def offer(use, by) -> None:
    copy = arrived(by, "lebih kecil")
    files.keep(copy)
    SmallerCopy.objects.create(
        government_id=use.government_id,
        revision=newest_revision(use.evidence),
        stored=copy,
        asked_by=by,
        asked_at=NOW,
        next_try_at=NOW,
        job_state=JobState.DONE,
    )


@pytest.mark.e2e
def test_beside_a_question(cast, browser_page) -> None:
    sheet = make_sheet(cast)
    use, other = proven(cast, sheet), proven(cast, sheet, OTHER, title="Notulen")
    auditor = with_tpi(cast, sheet)
    judged(use, auditor)
    judged(other, auditor, accepted=False, note="Tanggal SK sesudah kegiatan.")
    copy = arrived(cast[Role.OPD_OPERATOR], "tanpa nama", EXAMPLE_KIND)
    release_example(use=use, stored=copy, by=cast[Role.OPD_OPERATOR], now=NOW)
    writer = MembershipFactory(government=cast.home, role=Role.OPD_OPERATOR, unit=cast.other_unit)
    theirs = make_sheet(cast, unit=cast.other_unit)
    offer(proven(cast, theirs, unit=cast.other_unit, by=writer), writer)
    page = browser_page(writer)
    page.goto(reverse("assessments:worksheet_part", args=[theirs.pk, "A.I.1.i"]))
    look_at(page, "evidence-part")
    page.goto(reverse("assessments:worksheet_question", args=[theirs.pk, CODE]))
    look_at(page, "evidence-question")
    page.goto(reverse("assessments:evidence"))
    look_at(page, "evidence-register")


@pytest.mark.e2e
def test_what_was_approved_and_what_was_changed(cast, browser_page) -> None:
    sheet = make_sheet(cast)
    use = proven(cast, sheet, number="188/12/2026")
    settled(cast, approved(cast, sheet))
    operator = cast[Role.OPD_OPERATOR]
    edited(use, operator)
    page = browser_page(operator)
    page.goto(reverse("assessments:evidence_use", args=[sheet.pk, use.pk]))
    look_at(page, "evidence-viewer")
    page.goto(reverse("assessments:evidence_document", args=[use.evidence_id]))
    look_at(page, "evidence-document")

"""The doors of evidence."""

from typing import Any

from assessments import resumable
from assessments.actions.evidence_verdicts import release_example
from assessments.enums import UseVerdict
from assessments.models import Evidence, EvidenceUse, SmallerCopy, Worksheet
from assessments.permissions import EVIDENCE_READERS, PLAN_READERS, PLAN_WRITERS
from assessments.queries.evidence import EXAMPLE_KIND, newest_revision
from assessments.tests.factories_evidence import CODE, NOW, approved, arrived, document, item
from assessments.tests.factories_worksheets import make_sheet
from opd.enums import Role
from opd.models import Membership, Unit
from opd.tests.doors import FORM, Door, form_doors
from opd.tests.factories import MembershipFactory
from opd.tests.fixtures import Cast


def _writer(unit: Unit) -> Membership:
    found = Membership.objects.filter(unit=unit, role=Role.OPD_OPERATOR).first()
    return found or MembershipFactory(government=unit.government, unit=unit, role=Role.OPD_OPERATOR)


def sheet_of(cast: Cast, unit: Unit) -> Worksheet:
    found = Worksheet.objects.filter(zone__unit=unit).first()
    return found or make_sheet(cast, unit=unit)


def proof_of(cast: Cast, unit: Unit) -> Evidence:
    found = Evidence.objects.filter(unit=unit).first()
    return found or document(cast, unit=unit, by=_writer(unit))


def use_of(cast: Cast, unit: Unit) -> EvidenceUse:
    """Accepted, on a sheet that the TPI has approved: the ministry reads it as well."""
    sheet = sheet_of(cast, unit)
    proof = proof_of(cast, unit)
    use = EvidenceUse.objects.filter(item__worksheet=sheet).first()
    if use is None:
        use = EvidenceUse.objects.create(
            government=unit.government,
            item=item(sheet, CODE),
            evidence=proof,
            added_by=_writer(unit),
            added_at=NOW,
            verdict=UseVerdict.ACCEPTED,
            verdict_by=cast[Role.INSPECTORATE],
            verdict_at=NOW,
            verdict_revision=newest_revision(proof),
        )
    approved(cast, sheet)
    return use


def _sheet(cast: Cast) -> dict[str, Any]:
    return {"pk": sheet_of(cast, cast.unit).pk}


def _other_sheet(cast: Cast) -> dict[str, Any]:
    return {"pk": sheet_of(cast, cast.other_unit).pk}


def _code(cast: Cast) -> dict[str, Any]:
    return {**_sheet(cast), "code": CODE}


def _other_code(cast: Cast) -> dict[str, Any]:
    return {**_other_sheet(cast), "code": CODE}


def _document(cast: Cast) -> dict[str, Any]:
    return {"pk": proof_of(cast, cast.unit).pk}


def _other_document(cast: Cast) -> dict[str, Any]:
    return {"pk": proof_of(cast, cast.other_unit).pk}


def _use(cast: Cast) -> dict[str, Any]:
    use = use_of(cast, cast.unit)
    return {"pk": use.item.worksheet_id, "use": use.pk}


def _other_use(cast: Cast) -> dict[str, Any]:
    use = use_of(cast, cast.other_unit)
    return {"pk": use.item.worksheet_id, "use": use.pk}


def _revision(cast: Cast, unit: Unit) -> dict[str, Any]:
    found = newest_revision(proof_of(cast, unit))
    assert found is not None
    return {"pk": found.pk}


def _example(cast: Cast) -> dict[str, Any]:
    use = use_of(cast, cast.unit)
    by = _writer(cast.unit)
    stored = arrived(by, "Salinan", EXAMPLE_KIND)
    return {"pk": release_example(use=use, stored=stored, by=by, now=NOW).pk}


def _smaller(cast: Cast, unit: Unit) -> dict[str, Any]:
    """A document whose smaller copy waits to be chosen."""
    by = _writer(unit)
    proof = document(cast, "Pindaian", unit=unit, by=by)
    SmallerCopy.objects.create(
        government=unit.government,
        revision=proof.revisions.get(),
        asked_by=by,
        asked_at=NOW,
        next_try_at=NOW,
        job_state="done",
        stored=arrived(by, f"kecil {proof.pk}"),
    )
    return {"pk": proof.pk}


def _upload(cast: Cast) -> dict[str, Any]:
    row = resumable.begin(name="a.pdf", size=10, by=cast[Role.OPD_OPERATOR], now=NOW)
    return {"public_id": row.public_id}


CENTRAL_KEEPERS = frozenset({Role.ZI_SECRETARIAT, Role.INSPECTORATE, *PLAN_WRITERS})

EVIDENCE = [
    Door("assessments:evidence", allowed=EVIDENCE_READERS),
    *(
        Door("assessments:evidence_new", allowed=PLAN_WRITERS, method=method, answer=FORM)
        for method in ("get", "post")
    ),
    Door(
        "assessments:evidence_document",
        allowed=EVIDENCE_READERS,
        kwargs=_document,
        elsewhere=_other_document,
    ),
    *form_doors(
        "assessments",
        PLAN_WRITERS,
        ("evidence_edit", _document, _other_document),
        ("evidence_revise", _document, _other_document),
        ("evidence_add", _code, _other_code),
        ("evidence_release", _use, _other_use),
        ("evidence_bulk", _sheet, _other_sheet),
    ),
    Door(
        "assessments:evidence_file",
        allowed=EVIDENCE_READERS,
        kwargs=lambda cast: _revision(cast, cast.unit),
        elsewhere=lambda cast: _revision(cast, cast.other_unit),
        is_page=False,
    ),
    Door("assessments:evidence_example", allowed=EVIDENCE_READERS, kwargs=_example, is_page=False),
    Door(
        "assessments:evidence_example_withdraw",
        allowed=CENTRAL_KEEPERS,
        kwargs=_example,
        method="post",
    ),
    Door(
        "assessments:evidence_missing",
        allowed=EVIDENCE_READERS,
        kwargs=_sheet,
        elsewhere=_other_sheet,
    ),
    Door("assessments:evidence_use", allowed=PLAN_READERS, kwargs=_use, elsewhere=_other_use),
    Door(
        "assessments:evidence_use_file",
        allowed=PLAN_READERS,
        kwargs=_use,
        elsewhere=_other_use,
        is_page=False,
    ),
    Door(
        "assessments:evidence_detach",
        allowed=PLAN_WRITERS,
        kwargs=_use,
        elsewhere=_other_use,
        method="post",
    ),
    Door(
        "assessments:evidence_smaller",
        allowed=PLAN_WRITERS,
        kwargs=lambda cast: _smaller(cast, cast.unit),
        elsewhere=lambda cast: _smaller(cast, cast.other_unit),
        is_page=False,
    ),
    Door(
        "assessments:evidence_choose",
        allowed=PLAN_WRITERS,
        kwargs=lambda cast: _smaller(cast, cast.unit),
        elsewhere=lambda cast: _smaller(cast, cast.other_unit),
        method="post",
    ),
    # Without the words of tus nothing begins; a person's upload is nobody else's.
    Door(
        "assessments:evidence_upload_new",
        allowed=PLAN_WRITERS,
        method="post",
        answer={412},
        is_page=False,
    ),
    Door(
        "assessments:evidence_upload",
        allowed={Role.OPD_OPERATOR},
        unseen={Role.OPD_HEAD},
        kwargs=_upload,
        method="patch",
        answer={412},
        is_page=False,
    ),
    # The Inspektur holds the highest tier; an empty sending says nothing about a revision.
    Door(
        "assessments:evidence_verdict",
        allowed={Role.INSPECTORATE},
        kwargs=_use,
        method="post",
        answer={422},
    ),
]

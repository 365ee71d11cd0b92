"""Signing the pakta integritas: in the portal, or on paper for many at once; withdrawing."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.enums import PactMethod, PactWording
from assessments.models import IntegrityPact, PactBatch
from assessments.pact_rules import wording_for
from assessments.pact_texts import text_in_force
from assessments.queries import pacts as queries
from integrity_portal.core import files, ledger
from integrity_portal.core.documents.actions import request_document
from integrity_portal.core.formatting import date_id
from integrity_portal.core.models import Document, StoredFile
from opd.models import Employee, EmployeePost, Membership, Unit
from opd.permissions import may_read_roster, may_write_roster
from opd.transitions import StepRefused


@transaction.atomic
def sign_pact(*, by: Membership, text_sha256: str, now: datetime) -> IntegrityPact:
    """One's own pact of the running year, over the text whose hash the page showed."""
    today = timezone.localdate(now)
    mine = queries.my_pact(by, year=today.year, today=today)
    if mine.employee is None or mine.post is None:
        raise StepRefused(
            _("The list of employees has nobody with your NIP. Ask your unit to add you.")
        )
    text = text_in_force(wording_for(by.role), today)
    if text.sha256 != text_sha256:
        raise StepRefused(_("The text has changed since you opened it. Read it again, then sign."))
    _lock(mine.employee)
    if mine.employee.pacts.filter(year=today.year, withdrawn_at=None).exists():
        raise StepRefused(_("Your pact of this year is already recorded."))
    pact = IntegrityPact.objects.create(
        government_id=by.government_id,
        employee=mine.employee,
        year=today.year,
        wording=text.wording,
        text_code=text.code,
        text_sha256=text.sha256,
        method=PactMethod.PORTAL,
        signed_on=today,
        recorded_by=by,
        recorded_at=now,
        is_sample=mine.employee.is_sample,
    )
    ledger.record("pact.signed", pact, by=by, codes=_codes(pact))
    return pact


@transaction.atomic
def record_pacts(
    *,
    by: Membership,
    unit: Unit,
    year: int,
    post_ids: Sequence[int],
    heads: Sequence[int],
    signed_on: date,
    scan: StoredFile | None,
    form_key: UUID,
    now: datetime,
) -> PactBatch:
    """A list signed in ink: for every ticked employee who has none yet. Sent twice it is one.

    `heads` are the posts among them that signed the head's wording: only who leads the unit.
    """
    if not may_write_roster(by, unit):
        raise PermissionDenied(_("Your role does not include the employees of this unit."))
    unit = Unit.objects.select_for_update(of=("self",), no_key=True).get(
        pk=unit.pk, government_id=by.government_id
    )
    if (known := queries.batch_by_key(by, form_key)) is not None:
        return known
    today = timezone.localdate(now)
    if signed_on > today or signed_on.year != year:
        raise StepRefused(_("The day of signing lies in the year of the pact, and not ahead."))
    posts = _still_to_sign(unit, year, post_ids, signed_on, today)
    _refuse_no_head(unit, [post for post in posts if post.pk in set(heads)], signed_on)
    if scan is None:
        raise StepRefused(_("Send the scan of the signed list: without it nothing is recorded."))
    files.keep(scan)
    batch = PactBatch.objects.create(
        government_id=unit.government_id,
        unit=unit,
        year=year,
        scan=scan,
        form_key=form_key,
        recorded_by=by,
        recorded_at=now,
    )
    _write_pacts(batch, posts, set(heads), signed_on)
    _record_batch(batch, len(posts), by)
    return batch


def _record_batch(batch: PactBatch, count: int, by: Membership) -> None:
    codes: dict[str, ledger.Code] = {"unit": batch.unit_id, "year": batch.year, "count": count}
    ledger.record("pact.batch_recorded", batch, by=by, codes={**codes, "scan": True})


def _still_to_sign(
    unit: Unit, year: int, post_ids: Sequence[int], signed_on: date, today: date
) -> list[EmployeePost]:
    """The ticked ones who have no pact of the year; each worked there on the day of signing."""
    asked = queries.signers(unit, year=year, today=today, missing=True)
    posts = [post for post in asked if post.pk in set(post_ids)]
    if not posts:
        raise StepRefused(_("Tick at least one employee who has not signed yet."))
    _refuse_absent(posts, signed_on)
    return posts


def _write_pacts(
    batch: PactBatch, posts: Sequence[EmployeePost], heads: set[int], signed_on: date
) -> None:
    """One pact for each post, in the wording that belongs to it."""
    for post in posts:
        wording = PactWording.HEAD if post.pk in heads else PactWording.EMPLOYEE
        text = text_in_force(wording, signed_on)
        IntegrityPact.objects.create(
            government_id=batch.government_id,
            employee=post.employee,
            year=batch.year,
            wording=wording,
            text_code=text.code,
            text_sha256=text.sha256,
            method=PactMethod.WET,
            signed_on=signed_on,
            batch=batch,
            recorded_by=batch.recorded_by,
            recorded_at=batch.recorded_at,
            is_sample=post.employee.is_sample,
        )


def _refuse_absent(posts: Sequence[EmployeePost], day: date) -> None:
    absent = [
        post.employee.name
        for post in posts
        if post.valid_from > day or (post.valid_to is not None and post.valid_to < day)
    ]
    if absent:
        raise StepRefused(
            _("Not in this unit on %(day)s: %(names)s. Correct the day or untick them.")
            % {"day": date_id(day), "names": ", ".join(absent)}
        )


def _refuse_no_head(unit: Unit, posts: Sequence[EmployeePost], day: date) -> None:
    heads = queries.heads_among(unit, posts, first=day, last=day)
    others = [post.employee.name for post in posts if post.pk not in heads]
    if others:
        raise StepRefused(
            _(
                "The wording for heads is only for whoever leads the unit. Untick it for: "
                "%(names)s, or correct the title in the list of employees first."
            )
            % {"names": ", ".join(others)}
        )


@transaction.atomic
def withdraw_pact(*, by: Membership, pact: IntegrityPact, reason: str, now: datetime) -> None:
    """Recorded by mistake; the row stays with the reason, and the employee can sign again.

    What somebody signed himself in the portal only the ZI secretariat takes back.
    """
    row = IntegrityPact.objects.select_for_update(of=("self",), no_key=True).get(
        pk=pact.pk, government_id=by.government_id
    )
    if not queries.may_withdraw(by, row, timezone.localdate(now)):
        raise PermissionDenied(queries.not_withdrawn(row))
    if row.withdrawn_at is not None:
        raise StepRefused(_("This pact is already withdrawn. Reload the page."))
    if not reason.strip():
        raise StepRefused(_("Say why the pact is withdrawn."))
    row.withdrawn_at, row.withdrawn_by, row.withdrawal_reason = now, by, reason.strip()
    row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawal_reason"])
    ledger.record("pact.withdrawn", row, by=by, codes=_codes(row))


@transaction.atomic
def request_pact_pdf(*, by: Membership, pact: IntegrityPact, now: datetime) -> Document:
    """One's own, or of somebody whose name one may see."""
    if not queries.pacts_in_scope(by, timezone.localdate(now)).filter(pk=pact.pk).exists():
        raise PermissionDenied(_("Your role does not include the employees of this unit."))
    return _request(
        queries.ONE_PACT, {"pact": pact.pk}, _("Pakta integritas"), pact.is_sample, by, now
    )


@transaction.atomic
def request_pact_list(*, by: Membership, unit: Unit, year: int, now: datetime) -> Document:
    """Who has signed and who has not, for one unit."""
    if not may_read_roster(by, unit):
        raise PermissionDenied(_("Your role does not include the employees of this unit."))
    title = _("Pakta integritas %(unit)s %(year)s") % {"unit": unit.label, "year": year}
    params = {"unit": unit.pk, "year": year, "day": timezone.localdate(now).isoformat()}
    return _request(queries.UNIT_LIST, params, title, unit.is_sample, by, now)


def _request(
    kind: str, params: dict[str, Any], title: str, is_sample: bool, by: Membership, now: datetime
) -> Document:
    return request_document(
        kind=kind, params=params, title=title, by=by, now=now, is_sample=is_sample
    )


def _lock(employee: Employee) -> Employee:
    return Employee.objects.select_for_update(of=("self",), no_key=True).get(pk=employee.pk)


def _codes(pact: IntegrityPact) -> dict[str, ledger.Code]:
    return {
        "employee": pact.employee_id,
        "year": pact.year,
        "method": str(pact.method),
        "text": pact.text_code,
    }

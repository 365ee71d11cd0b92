"""Signing: on paper, in the portal, as a certified PDF; and withdrawing what was recorded wrongly.

Every verb locks the declaration first, so that nothing is signed while it is being closed.
"""

from datetime import date, datetime

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.enums import DeclarationState, SignatureMethod
from assessments.guards import locked, refuse_others
from assessments.models import Declaration, Signatory, Signature
from assessments.pdf_signatures import holds_signature
from assessments.permissions import may_sign
from integrity_portal.core import files, ledger
from integrity_portal.core.formatting import date_id
from integrity_portal.core.models import StoredFile
from integrity_portal.core.partial_dates import PartialDate, Precision
from opd.models import Membership
from opd.transitions import StepRefused


class WrongDay(StepRefused):
    """The day of signing cannot be true."""


@transaction.atomic
def record_wet(
    *,
    signatory: Signatory,
    signed_on: date,
    precision: str,
    scan: StoredFile | None,
    by: Membership,
    now: datetime,
) -> Signature:
    """A signature in ink on paper; the scan may come later (`attach_scan`)."""
    refuse_others(by)
    _locked_open(signatory, by)
    return _record(
        signatory,
        SignatureMethod.WET,
        signed_on=signed_on,
        precision=precision,
        scan=scan,
        by=by,
        now=now,
    )


@transaction.atomic
def record_certified(
    *,
    signatory: Signatory,
    signed_on: date,
    pdf: StoredFile,
    by: Membership,
    now: datetime,
) -> Signature:
    """A PDF that holds an electronic signature; its certificate is not validated."""
    refuse_others(by)
    with default_storage.open(pdf.key) as content:
        if not holds_signature(content):
            raise StepRefused(_("This PDF holds no electronic signature."))
    _locked_open(signatory, by)
    return _record(
        signatory,
        SignatureMethod.CERTIFIED,
        signed_on=signed_on,
        precision=Precision.DAY,
        scan=pdf,
        by=by,
        now=now,
    )


@transaction.atomic
def sign_in_portal(
    *, signatory: Signatory, text_sha256: str, by: Membership, now: datetime
) -> Signature:
    """By the very office that stands in the list, over the text whose hash the page showed."""
    if not may_sign(by, signatory):
        raise StepRefused(_("Only the person who holds this office signs here."))
    declaration = _locked_open(signatory, by)
    if text_sha256 != declaration.text_sha256:
        raise StepRefused(_("The text has changed since you opened it. Read it again, then sign."))
    return _record(
        signatory,
        SignatureMethod.PORTAL,
        signed_on=timezone.localdate(now),
        precision=Precision.DAY,
        text_sha256=declaration.text_sha256,
        by=by,
        now=now,
    )


@transaction.atomic
def withdraw_signature(
    *, signatory: Signatory, reason: str, by: Membership, now: datetime
) -> Signature:
    """While the declaration is open. The row stays, with who withdrew it and why."""
    refuse_others(by)
    _locked_open(signatory, by)
    signature = signatory.signatures.filter(withdrawn_at=None).first()
    if signature is None:
        raise StepRefused(_("There is no signature to withdraw. Reload the page."))
    if not reason.strip():
        raise StepRefused(_("Say why the signature is withdrawn."))
    signature.withdrawn_at = now
    signature.withdrawn_by = by
    signature.withdrawal_reason = reason.strip()
    signature.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawal_reason"])
    ledger.record("signature.withdrawn", signature, by=by, codes=_codes(signatory, signature))
    return signature


@transaction.atomic
def attach_scan(*, signatory: Signatory, scan: StoredFile, by: Membership) -> Signature:
    """The scan of a wet signature that was recorded without one, also after closing."""
    refuse_others(by)
    locked(signatory.declaration_id, by.government_id)
    signature = signatory.signatures.filter(
        withdrawn_at=None, method=SignatureMethod.WET, scan=None
    ).first()
    if signature is None:
        raise StepRefused(_("This signature needs no scan, or already has one."))
    files.keep(scan)
    signature.scan = scan
    signature.save(update_fields=["scan"])
    ledger.record("signature.scanned", signature, by=by, codes=_codes(signatory, signature))
    return signature


def _locked_open(signatory: Signatory, by: Membership) -> Declaration:
    declaration = locked(signatory.declaration_id, by.government_id)
    if declaration.state != DeclarationState.OPEN:
        raise StepRefused(_("This declaration is not open for signing."))
    return declaration


def _refuse_early(declaration: Declaration, signed: PartialDate) -> None:
    """Nobody signs a text before it was fixed; an act of the past has its own, older text.

    An act is of the past when it was held before it was opened in the portal.
    """
    step = declaration.steps.filter(name="open").order_by("-happened_at", "-pk").first()
    opened = timezone.localdate(step.happened_at) if step else None
    held = declaration.held_on
    if opened and (held is None or held >= opened):
        if signed.date < _first_day(opened, signed.precision):
            raise WrongDay(
                _("The text was opened for signing on %(day)s; nobody can have signed it before.")
                % {"day": date_id(opened)}
            )
    elif held and signed.date < date(held.year - 1, 1, 1):
        raise WrongDay(
            _("The day of signing lies too long before the declaration; enter %(year)s or later.")
            % {"year": str(held.year - 1)}
        )


def _first_day(day: date, precision: str) -> date:
    """The first day of what is known at this precision."""
    if precision == Precision.YEAR:
        return date(day.year, 1, 1)
    return day.replace(day=1) if precision == Precision.MONTH else day


def _record(
    signatory: Signatory,
    method: str,
    *,
    signed_on: date,
    precision: str,
    by: Membership,
    now: datetime,
    scan: StoredFile | None = None,
    text_sha256: str = "",
) -> Signature:
    if signed_on > timezone.localdate(now):
        raise WrongDay(_("The day of signing lies in the future."))
    _refuse_early(signatory.declaration, PartialDate(signed_on, precision))
    if signatory.signatures.filter(withdrawn_at=None).exists():
        raise StepRefused(_("This signature is already recorded."))
    if scan is not None:
        files.keep(scan)
    signature = Signature.objects.create(
        government_id=signatory.government_id,
        signatory=signatory,
        method=method,
        signed_on=signed_on,
        signed_on_precision=precision,
        scan=scan,
        text_sha256=text_sha256,
        recorded_by=by,
        recorded_at=now,
    )
    ledger.record("signature.recorded", signature, by=by, codes=_codes(signatory, signature))
    return signature


def _codes(signatory: Signatory, signature: Signature) -> dict[str, str | int]:
    return {
        "declaration": signatory.declaration_id,
        "signatory": signatory.pk,
        "method": str(signature.method),
    }

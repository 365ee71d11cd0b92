"""Units that may proceed while requirements are unmet (Stranas PK, PermenPANRB 5/2024)."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import RequirementException
from assessments.permissions import can_manage_acts
from assessments.requirement_sets import requirement_sets
from integrity_portal.core import ledger
from opd.models import Membership, Unit
from opd.transitions import StepRefused


def _refuse_others(by: Membership | None, government_id: int) -> None:
    if by is not None and (not can_manage_acts(by) or by.government_id != government_id):
        raise StepRefused(_("Only the ZI secretariat records who may proceed."))


@transaction.atomic
def record_exception(
    *,
    unit: Unit,
    rule_set: str,
    service: str,
    since: date,
    reason: str,
    by: Membership | None,
    now: datetime,
) -> RequirementException:
    """The requirement stays unmet; the unit may be proposed meanwhile. Raises StepRefused."""
    _refuse_others(by, unit.government_id)
    _refuse_service(unit, rule_set, service)
    if since > timezone.localdate(now):
        raise StepRefused(_("The day lies ahead. Record the exception when it holds."))
    if not reason.strip():
        raise StepRefused(_("Write why the unit may proceed."))
    try:
        with transaction.atomic():
            row = RequirementException.objects.create(
                government_id=unit.government_id,
                unit=unit,
                rule_set=rule_set,
                service=service,
                since=since,
                reason=reason,
                recorded_by=by,
                is_sample=unit.is_sample,
            )
    except IntegrityError:
        raise StepRefused(_("This unit already may proceed by an exception.")) from None
    codes: dict[str, ledger.Code] = {"unit": unit.pk, "rules": rule_set, "service": service}
    ledger.record("exception.recorded", row, by=by, government_id=row.government_id, codes=codes)
    return row


def _refuse_service(unit: Unit, rule_set: str, service: str) -> None:
    rules = requirement_sets().get(rule_set)
    if rules is None or service not in rules.proceeding_services:
        raise StepRefused(_("This requirement set knows no such exception."))
    if unit.kind not in rules.proceeding_kinds[service]:
        raise StepRefused(
            _("%(service)s is not a service of a %(kind)s: choose the one the unit runs.")
            % {"service": rules.proceeding_services[service], "kind": unit.get_kind_display()}
        )


@transaction.atomic
def end_exception(
    *, exception: RequirementException, until: date, by: Membership | None, now: datetime
) -> RequirementException:
    """From the day after `until` the unit is judged like any other. The row stays."""
    row = RequirementException.objects.select_for_update(of=("self",), no_key=True).get(
        pk=exception.pk
    )
    _refuse_others(by, row.government_id)
    if row.until is not None:
        raise StepRefused(_("This exception has already ended."))
    if not row.since <= until <= timezone.localdate(now):
        raise StepRefused(_("Choose a day from the beginning of the exception until today."))
    row.until = until
    row.save(update_fields=["until"])
    ledger.record(
        "exception.ended",
        row,
        by=by,
        government_id=row.government_id,
        codes={"unit": row.unit_id, "until": until.isoformat()},
    )
    return row

"""What staff change on a complaint without moving it on."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from complaints import sla
from complaints.enums import MessageKind
from complaints.models import Complaint, ComplaintFile
from complaints.permissions import may_hide_files, may_release, may_set_class
from complaints.queries.clock import dates_of_class, days_off_from
from complaints.stepping import locked, need, say
from integrity_portal.core import ledger
from opd.models import Membership
from opd.transitions import StepRefused


@transaction.atomic
def set_class(*, complaint: Complaint, by: Membership, sla_class: str, now: datetime) -> Complaint:
    """Another class moves the answer's date, counted from the day of filing."""
    known = {row.code for row in sla.current().offered()}
    need(sla_class in known, _("Choose the class of the complaint."), "sla_class")
    row = locked(complaint)
    if not may_set_class(by, row):
        raise StepRefused(_("The class of this complaint cannot be changed any more."))
    before = row.sla_class
    if before == sla_class:
        return row
    off = days_off_from(row.government, row.filed_on)
    values = {
        "sla_class": sla_class,
        "sla_version": sla.current().version,
        **dates_of_class(row, sla_class, off),
    }
    for column, value in values.items():
        setattr(row, column, value)
    row.save(update_fields=list(values))
    ledger.record("complaint.classed", row, by=by, codes={"from": before, "to": sla_class})
    return row


@transaction.atomic
def release(*, complaint: Complaint, by: Membership, now: datetime) -> Complaint:
    """Out of quarantine: somebody looked, it is a report like any other."""
    row = locked(complaint)
    if not may_release(by, row):
        raise StepRefused(_("This complaint is not in quarantine any more."))
    row.is_quarantined = False
    row.save(update_fields=["is_quarantined"])
    ledger.record("complaint.released", row, by=by)
    return row


@transaction.atomic
def hide_file(
    *, evidence: ComplaintFile, by: Membership, reason: str, now: datetime
) -> ComplaintFile:
    """From now on only coordinator and inspectorate see it; the reason stands as a note."""
    need(reason, _("Write the reason."), "reason")
    row = locked(evidence.complaint)
    if not may_hide_files(by, row):
        raise StepRefused(_("Your role does not include this step."))
    rows = ComplaintFile.objects.select_for_update(of=("self",), no_key=True)
    found = rows.get(pk=evidence.pk)
    if found.is_hidden:
        return found
    found.is_hidden = True
    found.save(update_fields=["is_hidden"])
    say(row, MessageKind.NOTE, _("File hidden: %(reason)s") % {"reason": reason}, by=by, now=now)
    ledger.record("complaint_file.hidden", found, by=by, codes={"complaint": row.pk})
    return found

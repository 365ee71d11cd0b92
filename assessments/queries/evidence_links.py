"""What reminders, the inbox, the worker and the IT team's page may know of evidence."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.models import Evidence, EvidenceHealth, EvidenceRevision, SmallerCopy
from assessments.queries.evidence_register import broken_files, expiring, health_counts
from opd.enums import Role
from opd.models import Government, Membership
from opd.reminders import Due, Owner
from opd.status_parts import StatusPart
from opd.subjects import Subject, numbers

AT_ONCE = 200
REMIND_BEFORE = (30, 7)


def documents(membership: Membership, ids: list[str]) -> dict[str, Subject]:
    rows = Evidence.objects.visible_to(membership).filter(pk__in=numbers(ids))
    if membership.role == Role.TPN_REVIEWER:
        return {}
    return {
        str(row.pk): Subject(
            row.title, reverse("assessments:evidence_document", args=[row.pk]), row.unit_id
        )
        for row in rows
    }


def due_documents(government: Government, today: date) -> Iterable[Due]:
    """In use and about to expire: told to the operator and the head, 30 and 7 days before."""
    for row in expiring(government.pk, today):
        yield Due(
            link_id=str(row.pk),
            due_on=row.valid_until,
            owners=tuple(
                Owner(role=role, unit_id=row.unit_id) for role in (Role.OPD_OPERATOR, Role.OPD_HEAD)
            ),
            remind_before=REMIND_BEFORE,
            escalate_after=None,
            is_sample=row.is_sample,
        )


def looks_due(now: datetime) -> list[int]:
    """Files always; of links only the newest state of a document."""
    newer = EvidenceRevision.objects.filter(
        evidence=OuterRef("revision__evidence"), number__gt=OuterRef("revision__number")
    )
    rows = EvidenceHealth.objects.due(now).exclude(Exists(newer), revision__stored=None)
    return list(rows.order_by("next_try_at").values_list("pk", flat=True)[:AT_ONCE])


def copies_due(now: datetime) -> list[int]:
    rows = SmallerCopy.objects.due(now).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:AT_ONCE])


def status_part(now: datetime) -> StatusPart:
    counts = health_counts(now)
    broken = broken_files() if counts.broken_files else []
    sentence = _(
        "%(changed)d changed, %(gone)d cannot be reached, %(dead)d given up, %(waiting)d overdue."
    ) % {
        "changed": counts.changed,
        "gone": counts.gone,
        "dead": counts.dead,
        "waiting": counts.waiting,
    }
    lines = [
        _("File %(key)s is not what arrived: restore it from the backup.")
        % {"key": row.revision.stored.key if row.revision.stored else ""}
        for row in broken
    ]
    return StatusPart(_("Evidence of work-sheets"), sentence, lines, bool(lines))

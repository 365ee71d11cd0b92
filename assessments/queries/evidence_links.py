"""What reminders, the inbox, the worker and the IT team's page may know of evidence."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext

from assessments.enums import DocumentFilter
from assessments.models import (
    Evidence,
    EvidenceHealth,
    EvidenceRevision,
    SmallerCopy,
    Worksheet,
)
from assessments.permissions import reads_evidence_register
from assessments.queries.evidence_register import (
    broken_files,
    copies_given_up,
    expiring,
    failing_links,
    health_counts,
)
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


def returned_documents(membership: Membership, ids: list[str]) -> dict[str, Subject]:
    """The returned documents of a work-sheet, by the sheet's key: the register, narrowed."""
    if not reads_evidence_register(membership):
        return {}
    rows = Worksheet.objects.visible_to(membership).with_names().filter(pk__in=numbers(ids))
    url = f"{reverse('assessments:evidence')}?show={DocumentFilter.RETURNED.value}"
    return {
        str(row.pk): Subject(f"LKE {row.year_text} · {row.zone.unit.label}", url, row.zone.unit_id)
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
    is_bad = bool(lines)
    if counts.gone:
        lines += _link_lines()
    if counts.dead_copies:
        lines += _copy_lines(counts.dead_copies)
    return StatusPart(_("Evidence of work-sheets"), sentence, lines, is_bad)


# Where nothing gets out of the server at all: a proxy or the name server.
OURS = ("NoSuchHost", "Timeout", "TooSlow", "Connection", "OSError", "gaierror", "Proxy")


def _link_lines() -> list[str]:
    failing = failing_links()
    said = ", ".join(f"{code or '?'} {count}" for code, count in failing)
    lines = [_("Links that fail: %(codes)s.") % {"codes": said}] if said else []
    if any(code.startswith(OURS) for code, _count in failing):
        lines.append(
            _(
                "Some of that may be our own network: see whether this server reaches the "
                "internet, by itself or through PORTAL_LINK_PROXY."
            )
        )
    return lines


def _copy_lines(count: int) -> list[str]:
    said = ", ".join(f"{row.revision_id} ({row.last_error})" for row in copies_given_up())
    sentence = ngettext(
        "%(count)d smaller copy was given up; the scan itself is there. Revision: %(said)s.",
        "%(count)d smaller copies were given up; the scans themselves are there. "
        "Revisions: %(said)s.",
        count,
    )
    return [sentence % {"count": count, "said": said}]

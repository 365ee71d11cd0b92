"""The list as a table: by number and codes' words; who reported stands nowhere in it."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from complaints.enums import Channel, ComplaintKind, ComplaintState, Escalated
from complaints.models.complaints import ComplaintQuerySet

# More than this is no list that somebody works through.
MOST_ROWS = 20_000
COLUMNS = (
    "number", "kind", "state", "channel", "sla_class", "named_unit__name", "unit__name",
    "region__name", "filed_on", "verify_by", "answer_by", "due_on", "answered_on", "escalation",
    "far_late_after", "story",
)  # fmt: skip


def sheet(
    rows: ComplaintQuerySet, *, today: date, with_story: bool
) -> tuple[list[str], Iterator[list[str]]]:
    """Heading and lines; the story only for who may take it out of the portal."""
    columns = COLUMNS if with_story else COLUMNS[:-1]
    head = [
        _("Number"), _("Kind"), _("State"), _("Channel"), _("Class"),
        _("Office named by the citizen"), _("Handling unit"), _("Kecamatan or kelurahan"),
        _("Received"), _("Pass on by"), _("Answer by"), _("Next deadline"), _("Answered"),
        _("Told upwards"), _("Late"),
    ]  # fmt: skip
    if with_story:
        head.append(_("Story"))
    found = rows.values_list(*columns)[:MOST_ROWS]
    return head, (_line(dict(zip(columns, row, strict=True)), today) for row in found)


def _line(row: dict[str, Any], today: date) -> list[str]:
    due, far = row["due_on"], row["far_late_after"]
    late = ""
    if isinstance(due, date) and due < today:
        late = _("3× late") if isinstance(far, date) and far < today else _("Late")
    words = {
        "kind": str(ComplaintKind(row["kind"]).label),
        "state": str(ComplaintState(row["state"]).label),
        "channel": str(Channel(row["channel"]).label),
        "escalation": str(Escalated(row["escalation"]).label) if row["escalation"] else "",
        "far_late_after": late,
    }
    return [words[name] if name in words else _plain(value) for name, value in row.items()]


def _plain(value: object) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)

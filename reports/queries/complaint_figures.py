"""Reads complaints for their public page, through the queries of the app below."""

from datetime import date

from complaints import office_hours
from complaints.enums import ComplaintKind
from complaints.queries.public_figures import AnsweredInTime, answered_in_time, filed_in_quarter
from opd.models import Government
from reports.complaint_figures import PublicComplaints, month_key, protected, whole_hours


def public_complaints(
    government: Government, *, today: date
) -> tuple[AnsweredInTime, PublicComplaints]:
    """Five queries at the most often, however many complaints."""
    outcomes = answered_in_time(government.pk, today=today)
    filed = filed_in_quarter(government, today=today)
    first, months, kinds = protected(
        outcomes.parts,
        {month_key(month): count for month, count in filed.months.items()},
        filed.kinds,
    )
    smallest = office_hours.current().smallest_group
    hours = whole_hours(filed.median_hours, filed.with_words, smallest)
    return outcomes, PublicComplaints(first, months, kinds, hours)


def kind_label(kind: str) -> str:
    return str(ComplaintKind(kind).label)

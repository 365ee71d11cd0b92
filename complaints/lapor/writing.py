"""A template of the export, for governments that type it from LAPOR!'s screen."""

from complaints.lapor.terms import Terms
from opd.unit_csv import write_sheet


def template(terms: Terms) -> bytes:
    """Headings alone: an example row would be taken for a report."""
    return write_sheet([str(column.text) for column in terms.columns], [])

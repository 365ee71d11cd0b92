"""Loading instruments: everything is checked before anything is written."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.instrument import Instrument, instrument_files
from assessments.models import InstrumentEdition
from integrity_portal.core import ledger
from opd.transitions import StepRefused


@transaction.atomic
def load_instruments(*, now: datetime) -> list[InstrumentEdition]:
    """Write the files that the database does not know yet; what was written, none on a repeat.

    An edition that no work-sheet uses is replaced. Raises UnableToReadData, and StepRefused when
    an edition that is in use reads differently now.
    """
    files = instrument_files().values()
    known = {(row.code, row.edition): row for row in InstrumentEdition.objects.defer("content")}
    fresh = [file for file in files if _is_new(file, known.get((file.code, file.edition)))]
    return [_keep(file, known.get((file.code, file.edition)), now) for file in fresh]


def _is_new(file: Instrument, row: InstrumentEdition | None) -> bool:
    if row is None:
        return True
    if row.sha256 == file.sha256:
        return False
    if row.worksheets.exists():
        raise StepRefused(
            _("%(code)s, edition %(edition)d is used by work-sheets and reads differently now. ")
            % {"code": file.code, "edition": file.edition}
            + _("Give the new text the next edition number.")
        )
    return True


def _keep(file: Instrument, row: InstrumentEdition | None, now: datetime) -> InstrumentEdition:
    row = row or InstrumentEdition(code=file.code, edition=file.edition)
    row.content, row.sha256 = file.content, file.sha256
    row.valid_from, row.valid_to = file.valid_from, file.valid_to
    row.is_history, row.loaded_at = file.is_history, now
    row.save()
    codes: dict[str, ledger.Code] = {"edition": row.edition, "sha256": row.sha256[:16]}
    ledger.record("instrument.loaded", row, by=None, codes=codes)
    return row

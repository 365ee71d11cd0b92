"""Standing facts of a government or a unit, year by year, with their source and proof."""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from integrity_portal.core import files, ledger
from integrity_portal.core.models import StoredFile
from opd.actions.unit_details import check_row, remove_rows
from opd.facts import OF_GOVERNMENT, OF_UNIT, FactRefused, clean_value
from opd.models import Membership, StandingFact, Unit
from opd.permissions import can_manage_facts
from opd.registry import RegistryRefused, fresh


@dataclass(frozen=True)
class FactInput:
    """As typed. `proof` None keeps the file that is there."""

    year: int
    key: str
    value: str
    source: str = ""
    in_process: bool = False
    proof: StoredFile | None = None


@transaction.atomic
def save_fact(
    *,
    by: Membership,
    unit: Unit | None,
    entered: FactInput,
    fact: StandingFact | None = None,
    today: date,
) -> StandingFact:
    """Of a unit, or of the government when `unit` is None. Raises RegistryRefused."""
    _refuse_others(by)
    unit = fresh(by, unit) if unit else None
    row = fact or StandingFact(
        government_id=by.government_id, unit=unit, is_sample=by.government.is_sample
    )
    if (row.government_id, row.unit_id) != (by.government_id, unit.pk if unit else None):
        raise PermissionDenied
    row.value = _checked(entered, unit, today)
    row.year, row.key, row.source = entered.year, entered.key, entered.source
    row.in_process = entered.in_process
    if entered.proof is not None:
        files.keep(entered.proof)
        row.proof = entered.proof
    check_row(row)
    row.save()
    verb = "fact.edited" if fact else "fact.added"
    codes: dict[str, ledger.Code] = {
        "key": entered.key,
        "year": entered.year,
        "unit": row.unit_id,
        "in_process": row.in_process,
        "proof": row.proof_id,
    }
    ledger.record(verb, row, by=by, codes=codes)
    return row


def _refuse_others(by: Membership) -> None:
    if not can_manage_facts(by):
        raise PermissionDenied(_("Your role does not include this page."))


def _checked(entered: FactInput, unit: Unit | None, today: date) -> str:
    if entered.year > today.year:
        raise RegistryRefused(_("The year lies ahead."), field="year")
    if unit is None and entered.key in OF_UNIT:
        raise RegistryRefused(
            _("This is known of a unit: record it on the unit's page."), field="key"
        )
    if unit is not None and entered.key in OF_GOVERNMENT:
        raise RegistryRefused(
            _("This is known of the whole government: record it under “Standing facts”."),
            field="key",
        )
    if not entered.value and entered.in_process:
        return ""
    try:
        return clean_value(entered.key, entered.value)
    except FactRefused as error:
        raise RegistryRefused(str(error), field="value") from error


@transaction.atomic
def remove_fact(*, by: Membership, fact: StandingFact) -> None:
    _refuse_others(by)
    if fact.government_id != by.government_id:
        raise PermissionDenied
    ledger.record("fact.removed", fact, by=by, codes={"key": fact.key, "year": fact.year})
    remove_rows(StandingFact.objects.filter(pk=fact.pk))

"""Registering a decree that names units."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from assessments.actions.zones import name_units
from assessments.guards import refuse_others
from assessments.models import NamedUnit, NamingDecree
from integrity_portal.core import files, ledger
from integrity_portal.core.models import StoredFile
from integrity_portal.core.partial_dates import Precision
from opd.models import Membership, Unit
from opd.transitions import StepRefused


@transaction.atomic
def register_decree(
    *,
    number: str,
    decided_on: date,
    unit_ids: Sequence[int],
    by: Membership,
    now: datetime,
    precision: str = Precision.DAY,
    title: str = "",
    scan: StoredFile | None = None,
) -> NamingDecree:
    """Names every unit it lists: their zones go to `named` where they were not further."""
    refuse_others(by)
    found = Unit.objects.filter(government_id=by.government_id).in_bulk(unit_ids)
    units = [found[pk] for pk in dict.fromkeys(unit_ids) if pk in found]
    if not units or len(units) != len(set(unit_ids)):
        raise StepRefused(_("Choose at least one unit of your government."))
    try:
        with transaction.atomic():
            decree = NamingDecree.objects.create(
                government_id=by.government_id,
                number=number,
                title=title,
                decided_on=decided_on,
                decided_on_precision=precision,
                scan=scan,
                is_sample=by.government.is_sample,
            )
    except IntegrityError:
        raise StepRefused(_("A decree of this number is already registered.")) from None
    if scan is not None:
        files.keep(scan)
    NamedUnit.objects.bulk_create(
        NamedUnit(
            government_id=by.government_id,
            decree=decree,
            unit=unit,
            position=position,
            printed_name=unit.name,
        )
        for position, unit in enumerate(units, start=1)
    )
    ledger.record("decree.registered", decree, by=by, codes={"units": len(units)})
    name_units(decree=decree, by=by, now=now)
    return decree

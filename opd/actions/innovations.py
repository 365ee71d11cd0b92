"""Innovations of a unit: write, change, add and remove files."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from integrity_portal.core import files, ledger
from integrity_portal.core.models import StoredFile
from integrity_portal.core.partial_dates import PartialDate
from opd.actions.services import SavedMeanwhile
from opd.enums import InnovationState
from opd.models import Innovation, InnovationFile, Membership, Unit
from opd.permissions import may_write_services
from opd.registry import RegistryRefused, check_row

MOST_FILES = 20


@dataclass(frozen=True)
class InnovationFacts:
    title: str
    area: str
    started: PartialDate
    problem: str
    change: str
    measure: str = ""
    measure_unit: str = ""
    value_before: Decimal | None = None
    value_after: Decimal | None = None
    source: str = ""
    state: str = InnovationState.RUNNING


def _refuse_facts(unit: Unit, row: Innovation, facts: InnovationFacts, today: date) -> None:
    if facts.started.date > today:
        raise RegistryRefused(_("The day lies ahead."), field="started")
    taken = unit.innovations.filter(title=facts.title).exclude(pk=row.pk)
    if taken.exists():
        raise RegistryRefused(
            _("This unit already has an innovation of that title."), field="title"
        )


@transaction.atomic
def save_innovation(
    *,
    by: Membership,
    unit: Unit,
    facts: InnovationFacts,
    form_key: UUID,
    uploads: Sequence[StoredFile] = (),
    innovation: Innovation | None = None,
    version: int | None = None,
    now: datetime,
    today: date,
) -> Innovation:
    """A new one (the same form sent twice is one), or changes to one."""
    unit = _writable(by, unit)
    row = innovation and _locked(by, innovation)
    if row is None:
        known = Innovation.objects.filter(government_id=unit.government_id, form_key=form_key)
        if (same := known.first()) is not None:
            return same
        row = Innovation(
            government_id=unit.government_id, unit=unit, form_key=form_key, is_sample=unit.is_sample
        )
    elif version is not None and row.version != version:
        raise SavedMeanwhile(
            _("Somebody else has saved this innovation since you opened it. What you typed stands "
              "below; save it again to replace what is saved now.")
        )  # fmt: skip
    _refuse_facts(unit, row, facts, today)
    is_new = row.pk is None
    for name in InnovationFacts.__dataclass_fields__:
        if name != "started":
            setattr(row, name, getattr(facts, name))
    row.started_on, row.started_on_precision = facts.started.date, facts.started.precision
    row.version += 0 if is_new else 1
    check_row(row)
    row.save()
    _add_files(row, uploads, by, now)
    codes: dict[str, ledger.Code] = {"unit": unit.pk, "state": row.state, "files": len(uploads)}
    ledger.record("innovation.added" if is_new else "innovation.edited", row, by=by, codes=codes)
    return row


@transaction.atomic
def remove_innovation_file(*, by: Membership, link: InnovationFile, now: datetime) -> None:
    """Out of the list; who added what stays on record."""
    row = _locked(by, link.innovation)
    link = InnovationFile.objects.select_for_update(of=("self",), no_key=True).get(
        pk=link.pk, innovation=row
    )
    if link.removed_at is None:
        link.removed_at = now
        link.save(update_fields=["removed_at"])
    ledger.record("innovation.file_removed", row, by=by, codes={"file": link.pk})


def _add_files(
    row: Innovation, uploads: Sequence[StoredFile], by: Membership, now: datetime
) -> None:
    standing = row.files.filter(removed_at=None).count()
    if standing + len(uploads) > MOST_FILES:
        raise RegistryRefused(
            _("At most %(most)s files. Remove one first.") % {"most": MOST_FILES}, field="files"
        )
    for stored in uploads:
        files.keep(stored)
        InnovationFile.objects.create(
            government_id=row.government_id,
            innovation=row,
            stored=stored,
            added_by=by,
            added_at=now,
        )


def _writable(by: Membership, unit: Unit) -> Unit:
    if not may_write_services(by, unit):
        raise PermissionDenied(_("Your role does not include the innovations of this unit."))
    return Unit.objects.select_for_update(of=("self",), no_key=True).get(
        pk=unit.pk, government_id=by.government_id
    )


def _locked(by: Membership, innovation: Innovation) -> Innovation:
    _writable(by, innovation.unit)
    return (
        Innovation.objects.select_for_update(of=("self",), no_key=True)
        .select_related("unit")
        .get(pk=innovation.pk, government_id=by.government_id)
    )

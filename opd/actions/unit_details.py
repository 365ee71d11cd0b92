"""Duties and services of units, and which kinds count."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import F, ProtectedError
from django.utils.translation import gettext as _

from integrity_portal.core import ledger
from integrity_portal.core.partial_dates import PartialDate
from opd.coverage import KindRule
from opd.enums import ServiceChannel, UnitKind
from opd.models import Duty, Membership, Service, Unit, UnitKindRule
from opd.registry import RegistryRefused, fresh, lock_registry

MOST_DUTIES = 60


@dataclass(frozen=True)
class ServiceFacts:
    name: str
    standard: str = ""
    channel: str = ServiceChannel.COUNTER
    moved: PartialDate | None = None
    applications_per_month: int | None = None


@transaction.atomic
def set_duties(*, by: Membership, unit: Unit, texts: list[str]) -> list[Duty]:
    """The duties in their order; those whose text stays keep their row."""
    lock_registry(by)
    unit = fresh(by, unit)
    if len(texts) > MOST_DUTIES:
        raise RegistryRefused(_("Write at most %(most)s duties.") % {"most": MOST_DUTIES})
    if len(set(texts)) < len(texts):
        raise RegistryRefused(_("The same duty stands twice. Keep one of them."))
    kept = {duty.text: duty for duty in unit.duties.all()}
    remove_rows(unit.duties.exclude(text__in=texts))
    # Out of the way first: positions are unique at every moment.
    unit.duties.update(position=F("position") + 1000)
    rows = []
    for position, text in enumerate(texts, start=1):
        duty = kept.get(text) or Duty(
            government_id=unit.government_id, unit=unit, text=text, is_sample=unit.is_sample
        )
        duty.position = position
        duty.save()
        rows.append(duty)
    ledger.record("unit.duties_set", unit, by=by, codes={"count": len(rows)})
    return rows


@transaction.atomic
def save_service(
    *, by: Membership, unit: Unit, facts: ServiceFacts, service: Service | None = None, today: date
) -> Service:
    lock_registry(by)
    unit = fresh(by, unit)
    row = service or Service(government_id=unit.government_id, unit=unit, is_sample=unit.is_sample)
    if row.unit_id != unit.pk:
        raise PermissionDenied
    if facts.moved and facts.channel == ServiceChannel.COUNTER:
        raise RegistryRefused(
            _("A service at the counter has not moved: choose another channel or clear this."),
            field="moved",
        )
    if facts.moved and facts.moved.date > today:
        raise RegistryRefused(
            _("The day lies ahead. Record the move when it has happened."), field="moved"
        )
    row.name, row.standard, row.channel = facts.name, facts.standard, facts.channel
    row.moved_on = facts.moved.date if facts.moved else None
    row.moved_on_precision = facts.moved.precision if facts.moved else "day"
    row.applications_per_month = facts.applications_per_month
    check_row(row, _("This unit already has a service of that name."))
    row.save()
    verb = "service.edited" if service else "service.added"
    ledger.record(verb, row, by=by, codes={"unit": unit.pk, "channel": row.channel})
    return row


@transaction.atomic
def remove_service(*, by: Membership, service: Service) -> None:
    lock_registry(by)
    unit = fresh(by, service.unit)
    ledger.record("service.removed", service, by=by, codes={"unit": unit.pk})
    remove_rows(Service.objects.filter(pk=service.pk))


@transaction.atomic
def set_kind_rules(*, by: Membership, rules: Mapping[str, KindRule]) -> list[str]:
    """Which kinds count towards "all units" and which cover the units below; the changed ones."""
    lock_registry(by)
    rows = {
        row.unit_kind: row for row in UnitKindRule.objects.filter(government_id=by.government_id)
    }
    changed = []
    for kind in UnitKind.values:
        rule = rules.get(kind)
        if rule is None:
            continue
        if rule.covers_below and not rule.counts:
            raise RegistryRefused(
                _("Only a kind that counts can cover the units below it."), field=f"covers_{kind}"
            )
        row = rows.get(kind) or UnitKindRule(government_id=by.government_id, unit_kind=kind)
        if row.pk and (row.counts, row.covers_below) == (rule.counts, rule.covers_below):
            continue
        row.counts, row.covers_below = rule.counts, rule.covers_below
        row.save()
        changed.append(kind)
        codes: dict[str, ledger.Code] = {
            "kind": kind,
            "counts": rule.counts,
            "covers_below": rule.covers_below,
        }
        ledger.record("unit_kind_rule.set", row, by=by, codes=codes)
    return changed


def check_row(row: models.Model, taken: str = "") -> None:
    """The first sentence of what limits and constraints say; `taken` for a plain unique one."""
    try:
        row.clean_fields(exclude=["government", "unit"])
        row.validate_constraints()
    except ValidationError as error:
        name, messages = next(iter(error.message_dict.items()))
        if name == "__all__":
            raise RegistryRefused(taken or messages[0]) from error
        raise RegistryRefused(messages[0], field=name) from error


def remove_rows(rows: "models.QuerySet[models.Model]") -> None:
    try:
        rows.delete()
    except ProtectedError as error:
        raise RegistryRefused(
            _("Something else in the portal still refers to this, so it stays.")
        ) from error

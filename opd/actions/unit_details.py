"""Duties of units, and which kinds count."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from integrity_portal.core import ledger
from opd.coverage import KindRule
from opd.enums import UnitKind
from opd.models import Duty, Membership, Unit, UnitKindRule
from opd.registry import RegistryRefused, fresh, lock_registry, remove_rows

MOST_DUTIES = 60


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

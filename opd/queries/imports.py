"""Uploaded lists of units and what they would change."""

from datetime import date

from opd.models import Membership, UnitImport
from opd.queries.units import registry
from opd.unit_plan import Plan, make_plan


def import_of(membership: Membership, import_id: int) -> UnitImport | None:
    return UnitImport.objects.visible_to(membership).filter(pk=import_id).first()


def plan_of(upload: UnitImport, *, today: date) -> Plan:
    """Against the registry as it is now."""
    known, former = registry(upload.government_id, today=today)
    return make_plan(upload.columns, upload.rows, known, former)

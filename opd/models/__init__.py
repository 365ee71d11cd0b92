from opd.models.calendar import Holiday
from opd.models.government import Government, StandingFact, UnitKindRule
from opd.models.imports import UnitImport
from opd.models.letters import Letter
from opd.models.people import (
    Invitation,
    LoginIdentifier,
    Membership,
    ResetCode,
    TpiAssignment,
    User,
)
from opd.models.units import Duty, Service, Unit, UnitName, UnitSuccession

__all__ = [
    "Duty",
    "Government",
    "Holiday",
    "Invitation",
    "Letter",
    "LoginIdentifier",
    "Membership",
    "ResetCode",
    "Service",
    "StandingFact",
    "TpiAssignment",
    "Unit",
    "UnitImport",
    "UnitKindRule",
    "UnitName",
    "UnitSuccession",
    "User",
]

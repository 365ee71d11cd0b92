from opd.models.calendar import Holiday
from opd.models.employees import Employee, EmployeePost
from opd.models.government import Government, StandingFact, UnitKindRule
from opd.models.imports import UnitImport
from opd.models.innovations import Innovation, InnovationFile
from opd.models.letters import Letter
from opd.models.people import (
    Invitation,
    LoginIdentifier,
    Membership,
    ResetCode,
    TpiAssignment,
    User,
)
from opd.models.services import ChannelMove, Service, ServiceLine, ServiceVolume
from opd.models.tpi import TpiMember, TpiTeam
from opd.models.units import Duty, Unit, UnitName, UnitSuccession

__all__ = [
    "ChannelMove",
    "Duty",
    "Employee",
    "EmployeePost",
    "Government",
    "Holiday",
    "Innovation",
    "InnovationFile",
    "Invitation",
    "Letter",
    "LoginIdentifier",
    "Membership",
    "ResetCode",
    "Service",
    "ServiceLine",
    "ServiceVolume",
    "StandingFact",
    "TpiAssignment",
    "TpiMember",
    "TpiTeam",
    "Unit",
    "UnitImport",
    "UnitKindRule",
    "UnitName",
    "UnitSuccession",
    "User",
]

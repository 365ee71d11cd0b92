from opd.models.calendar import Holiday
from opd.models.directives import (
    Directive,
    DirectiveReport,
    DirectiveStep,
    Promise,
    PromiseEdition,
    PromiseStep,
)
from opd.models.employees import Employee, EmployeePost
from opd.models.government import Government, StandingFact, UnitKindRule
from opd.models.imports import UnitImport
from opd.models.inbox import (
    Digest,
    Escalation,
    InboxItem,
    InboxReading,
    MessageChoice,
    ReminderClock,
)
from opd.models.innovations import Innovation, InnovationFile
from opd.models.letters import Letter
from opd.models.meetings import PublicMeeting
from opd.models.people import (
    Invitation,
    LoginIdentifier,
    Membership,
    ResetCode,
    TpiAssignment,
    User,
)
from opd.models.places import Place, PlaceScan
from opd.models.posters import Poster, PosterCheck, PosterStep
from opd.models.services import ChannelMove, Service, ServiceLine, ServiceVolume
from opd.models.tpi import TpiMember, TpiTeam
from opd.models.units import Duty, Unit, UnitName, UnitSuccession
from opd.models.year_calendar import CalendarDate, CalendarMark, OwnDate

__all__ = [
    "CalendarDate",
    "CalendarMark",
    "ChannelMove",
    "Digest",
    "Directive",
    "DirectiveReport",
    "DirectiveStep",
    "Duty",
    "Employee",
    "EmployeePost",
    "Escalation",
    "Government",
    "Holiday",
    "InboxItem",
    "InboxReading",
    "Innovation",
    "InnovationFile",
    "Invitation",
    "Letter",
    "LoginIdentifier",
    "Membership",
    "MessageChoice",
    "OwnDate",
    "Place",
    "PlaceScan",
    "Poster",
    "PosterCheck",
    "PosterStep",
    "Promise",
    "PromiseEdition",
    "PromiseStep",
    "PublicMeeting",
    "ReminderClock",
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

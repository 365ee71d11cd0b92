from opd.models.calendar import Holiday
from opd.models.directives import (
    Directive,
    DirectiveReport,
    DirectiveStep,
    Promise,
    PromiseStep,
)
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
from opd.models.year_calendar import CalendarDate, CalendarMark, OwnDate

__all__ = [
    "CalendarDate",
    "CalendarMark",
    "Digest",
    "Directive",
    "DirectiveReport",
    "DirectiveStep",
    "Duty",
    "Escalation",
    "Government",
    "Holiday",
    "InboxItem",
    "InboxReading",
    "Invitation",
    "Letter",
    "LoginIdentifier",
    "Membership",
    "MessageChoice",
    "OwnDate",
    "Promise",
    "PromiseStep",
    "ReminderClock",
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

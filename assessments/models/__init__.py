from assessments.models.declarations import (
    Attendee,
    Declaration,
    DeclarationStep,
    DeclarationUnit,
    FormerText,
    Pledge,
    Signatory,
    SignatoryUnit,
)
from assessments.models.decrees import DecreeCorrection, NamedUnit, NamingDecree
from assessments.models.pilots import (
    ChosenUnit,
    PilotCandidate,
    PilotDecision,
    PilotRound,
    PilotRoundStep,
    PilotScore,
)
from assessments.models.preparation import PhasePlan, PreparationAnswer, PreparationChange
from assessments.models.proposals import (
    Candidate,
    Proposal,
    ProposalStep,
    RequirementException,
    ZoneAttempt,
)
from assessments.models.signatures import Signature
from assessments.models.workplans import (
    Activity,
    ActivityReport,
    ActivityStep,
    ReportFile,
    ReportStep,
    WorkPlan,
)
from assessments.models.zones import IntegrityZone, ZoneHandover, ZonePredicate, ZoneStep

__all__ = [
    "Activity",
    "ActivityReport",
    "ActivityStep",
    "Attendee",
    "Candidate",
    "ChosenUnit",
    "Declaration",
    "DeclarationStep",
    "DeclarationUnit",
    "DecreeCorrection",
    "FormerText",
    "IntegrityZone",
    "NamedUnit",
    "NamingDecree",
    "PhasePlan",
    "PilotCandidate",
    "PilotDecision",
    "PilotRound",
    "PilotRoundStep",
    "PilotScore",
    "Pledge",
    "PreparationAnswer",
    "PreparationChange",
    "Proposal",
    "ProposalStep",
    "ReportFile",
    "ReportStep",
    "RequirementException",
    "Signatory",
    "SignatoryUnit",
    "Signature",
    "WorkPlan",
    "ZoneAttempt",
    "ZoneHandover",
    "ZonePredicate",
    "ZoneStep",
]

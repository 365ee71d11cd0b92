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
from assessments.models.papers import Paper, PaperStep, PaperUnit
from assessments.models.pilots import (
    ChosenUnit,
    PilotCandidate,
    PilotDecision,
    PilotRound,
    PilotRoundStep,
    PilotScore,
)
from assessments.models.predicates import PredicateCheck, PredicateStep, ZonePredicate
from assessments.models.preparation import PhasePlan, PreparationAnswer, PreparationChange
from assessments.models.proposals import (
    Candidate,
    Proposal,
    ProposalStep,
    RequirementException,
    ZoneAttempt,
)
from assessments.models.signatures import Signature
from assessments.models.teams import TeamMember, WorkTeam
from assessments.models.workplans import (
    Activity,
    ActivityReport,
    ActivityStep,
    ReportFile,
    ReportStep,
    WorkPlan,
)
from assessments.models.zones import IntegrityZone, ZoneHandover, ZoneStep

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
    "Paper",
    "PaperStep",
    "PaperUnit",
    "PhasePlan",
    "PilotCandidate",
    "PilotDecision",
    "PilotRound",
    "PilotRoundStep",
    "PilotScore",
    "Pledge",
    "PredicateCheck",
    "PredicateStep",
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
    "TeamMember",
    "WorkPlan",
    "WorkTeam",
    "ZoneAttempt",
    "ZoneHandover",
    "ZonePredicate",
    "ZoneStep",
]

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
from assessments.models.predicates import PredicateCheck, PredicateStep, ZonePredicate
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
    "Pledge",
    "PredicateCheck",
    "PredicateStep",
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

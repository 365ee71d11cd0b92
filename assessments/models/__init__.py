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
from assessments.models.pacts import IntegrityPact, PactBatch
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
    "Declaration",
    "DeclarationStep",
    "DeclarationUnit",
    "DecreeCorrection",
    "FormerText",
    "IntegrityPact",
    "IntegrityZone",
    "NamedUnit",
    "NamingDecree",
    "PactBatch",
    "Pledge",
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

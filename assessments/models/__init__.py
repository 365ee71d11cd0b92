from assessments.models.declarations import (
    Attendee,
    Declaration,
    DeclarationStep,
    DeclarationUnit,
    Pledge,
    Signatory,
    SignatoryUnit,
)
from assessments.models.decrees import NamedUnit, NamingDecree
from assessments.models.signatures import Signature
from assessments.models.zones import IntegrityZone, ZonePredicate, ZoneStep

__all__ = [
    "Attendee",
    "Declaration",
    "DeclarationStep",
    "DeclarationUnit",
    "IntegrityZone",
    "NamedUnit",
    "NamingDecree",
    "Pledge",
    "Signatory",
    "SignatoryUnit",
    "Signature",
    "ZonePredicate",
    "ZoneStep",
]

from complaints.models.complaints import Complaint, ComplaintCounter, ComplaintStep, Message
from complaints.models.evidence import ComplaintFile, ExtraCode
from complaints.models.followers import Follower
from complaints.models.reporters import IdentityOpening, Reporter

__all__ = [
    "Complaint",
    "ComplaintCounter",
    "ComplaintFile",
    "ComplaintStep",
    "ExtraCode",
    "Follower",
    "IdentityOpening",
    "Message",
    "Reporter",
]

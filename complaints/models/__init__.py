from complaints.models.complaints import Complaint, ComplaintCounter, ComplaintStep, Message
from complaints.models.reporters import IdentityOpening, Reporter

__all__ = [
    "Complaint",
    "ComplaintCounter",
    "ComplaintStep",
    "IdentityOpening",
    "Message",
    "Reporter",
]

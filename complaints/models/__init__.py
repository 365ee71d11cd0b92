from complaints.models.answers import AnswerTemplate, Satisfaction
from complaints.models.complaints import Complaint, ComplaintStep, Message
from complaints.models.evidence import ComplaintFile, ExtraCode
from complaints.models.numbers import ComplaintCounter
from complaints.models.reporters import IdentityOpening, Reporter

__all__ = [
    "AnswerTemplate",
    "Complaint",
    "ComplaintCounter",
    "ComplaintFile",
    "ComplaintStep",
    "ExtraCode",
    "IdentityOpening",
    "Message",
    "Reporter",
    "Satisfaction",
]

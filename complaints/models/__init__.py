from complaints.models.complaints import Complaint, ComplaintStep, Message
from complaints.models.reporters import IdentityOpening, Reporter

__all__ = ["Complaint", "ComplaintStep", "IdentityOpening", "Message", "Reporter"]

from complaints.models.channels import (
    ChannelAccount,
    ChannelMedia,
    ChannelMessage,
    Conversation,
    Notice,
    OutboundMessage,
)
from complaints.models.complaints import Complaint, ComplaintCounter, ComplaintStep, Message
from complaints.models.evidence import ComplaintFile, ExtraCode
from complaints.models.reporters import IdentityOpening, Reporter

__all__ = [
    "ChannelAccount",
    "ChannelMedia",
    "ChannelMessage",
    "Complaint",
    "ComplaintCounter",
    "ComplaintFile",
    "ComplaintStep",
    "Conversation",
    "ExtraCode",
    "IdentityOpening",
    "Message",
    "Notice",
    "OutboundMessage",
    "Reporter",
]

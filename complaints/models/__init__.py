from complaints.models.answers import AnswerTemplate, Satisfaction
from complaints.models.channels import (
    ChannelAccount,
    ChannelMedia,
    ChannelMessage,
    Conversation,
    Notice,
    OutboundMessage,
)
from complaints.models.complaints import Complaint, ComplaintStep, Message
from complaints.models.evidence import ComplaintFile, ExtraCode
from complaints.models.external import (
    ExternalCase,
    LaporImport,
    MonthlyReport,
    ReportWords,
)
from complaints.models.followers import Follower
from complaints.models.numbers import ComplaintCounter
from complaints.models.reporters import IdentityOpening, Reporter

__all__ = [
    "AnswerTemplate",
    "ChannelAccount",
    "ChannelMedia",
    "ChannelMessage",
    "Complaint",
    "ComplaintCounter",
    "ComplaintFile",
    "ComplaintStep",
    "Conversation",
    "ExternalCase",
    "ExtraCode",
    "Follower",
    "IdentityOpening",
    "LaporImport",
    "Message",
    "MonthlyReport",
    "Notice",
    "OutboundMessage",
    "ReportWords",
    "Reporter",
    "Satisfaction",
]

from complaints.models.complaints import Complaint, ComplaintCounter, ComplaintStep, Message
from complaints.models.evidence import ComplaintFile, ExtraCode
from complaints.models.external import (
    ExternalCase,
    LaporImport,
    MonthlyReport,
    ReportWords,
)
from complaints.models.reporters import IdentityOpening, Reporter

__all__ = [
    "Complaint",
    "ComplaintCounter",
    "ComplaintFile",
    "ComplaintStep",
    "ExternalCase",
    "ExtraCode",
    "IdentityOpening",
    "LaporImport",
    "Message",
    "MonthlyReport",
    "ReportWords",
    "Reporter",
]

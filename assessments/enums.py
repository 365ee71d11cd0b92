"""Closed vocabularies of zones, declarations and work plans."""

from django.db import models
from django.utils.translation import pgettext_lazy


class Predicate(models.TextChoices):
    """National predicates; official names, not translated."""

    WBK = "wbk", "WBK"
    WBBM = "wbbm", "WBBM"


class DeclarationScope(models.TextChoices):
    JOINT = "joint", pgettext_lazy("declaration scope", "Joint, several units")
    OWN = "own", pgettext_lazy("declaration scope", "One unit's own")


class DeclarationState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("declaration state", "Draft")
    OPEN = "open", pgettext_lazy("declaration state", "Open for signing")
    CLOSED = "closed", pgettext_lazy("declaration state", "Closed")
    DISCARDED = "discarded", pgettext_lazy("declaration state", "Discarded")


class SignatureMethod(models.TextChoices):
    """How a signature was given; a portal signature is never called certified."""

    WET = "wet", pgettext_lazy("signature method", "Wet ink")
    PORTAL = "portal", pgettext_lazy("signature method", "In the portal, not certified")
    CERTIFIED = "certified", pgettext_lazy("signature method", "Certified PDF")


class AttendeeKind(models.TextChoices):
    WITNESS = "witness", pgettext_lazy("attendee", "Witness")
    PRESENT = "present", pgettext_lazy("attendee", "Present")


class ZoneStage(models.TextChoices):
    """The road of a unit (PermenPANRB 90/2021; stages after building are walked in the journey)."""

    COMMITTED = "committed", pgettext_lazy("zone stage", "Committed")
    DECLARED = "declared", pgettext_lazy("zone stage", "Declared")
    NAMED = "named", pgettext_lazy("zone stage", "Named to build")
    BUILDING = "building", pgettext_lazy("zone stage", "Building")
    PROPOSED = "proposed", pgettext_lazy("zone stage", "Proposed")
    NATIONAL_REVIEW = "national_review", pgettext_lazy("zone stage", "National review")
    DECIDED = "decided", pgettext_lazy("zone stage", "Decided")


class AreaOfChange(models.TextChoices):
    """The six enabler areas of PermenPANRB 90/2021; official names, not translated."""

    MANAJEMEN_PERUBAHAN = "1", "Manajemen Perubahan"
    TATALAKSANA = "2", "Penataan Tatalaksana"
    SDM = "3", "Penataan Sistem Manajemen SDM Aparatur"
    AKUNTABILITAS = "4", "Penguatan Akuntabilitas"
    PENGAWASAN = "5", "Penguatan Pengawasan"
    PELAYANAN = "6", "Peningkatan Kualitas Pelayanan Publik"

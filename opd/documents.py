"""The letterhead of a government, for every app's documents."""

from django.utils.translation import gettext as _

from integrity_portal.core.documents.registry import Frame
from integrity_portal.core.models import Document
from opd.models import Government


def frame_of(document: Document) -> Frame:
    """`DocumentKind.frame` for all kinds that a government issues."""
    government = Government.objects.get(pk=document.government_id)
    return Frame(
        issuer=_("Government of %(name)s") % {"name": government.official_name},
        programme=_("Integrity zone programme towards WBK and WBBM"),
        address=government.address,
        time_zone=government.time_zone,
        primary_colour=government.primary_colour,
        accent_colour=government.accent_colour,
        is_sample=government.is_sample,
    )

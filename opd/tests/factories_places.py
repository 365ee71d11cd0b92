"""Places, posters and public meetings for tests."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import factory
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from factory.django import DjangoModelFactory
from PIL import Image

from integrity_portal.core.files import receive
from integrity_portal.core.models import StoredFile
from opd.enums import PlaceKind, PosterState
from opd.models import Membership, Place, Poster, PublicMeeting
from opd.posters import GENERAL, PHOTO, PHOTO_KIND
from opd.tests.factories import GovernmentFactory, MembershipFactory


def jpeg() -> bytes:
    """A photo that says where it was taken."""
    exif = Image.Exif()
    exif[0x010F] = "RAHASIA-KAMERA"
    out = BytesIO()
    Image.new("RGB", (40, 30), "#0b4f6c").save(out, "JPEG", exif=exif)
    return out.getvalue()


def photo(name: str = "poster.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, jpeg(), content_type="image/jpeg")


def stored_photo(by: Membership) -> StoredFile:
    return receive(
        photo(),
        rule=PHOTO,
        kind=PHOTO_KIND,
        government_id=by.government_id,
        by_user_id=by.user_id,
    )


class PlaceFactory(DjangoModelFactory):
    class Meta:
        model = Place

    government = factory.SubFactory(GovernmentFactory)
    kind = PlaceKind.SCHOOL
    name = factory.Sequence(lambda n: f"SDN Uji {n}")


class PosterFactory(DjangoModelFactory):
    """To be printed. `hung(day, by)` says since when one hangs."""

    class Meta:
        model = Poster

    place = factory.SubFactory(PlaceFactory)
    government = factory.SelfAttribute("place.government")
    kind = GENERAL
    edition = 1
    made_at = factory.LazyFunction(timezone.now)


def hung(day: date, by: Membership) -> dict[str, Any]:
    return {
        "state": PosterState.POSTED,
        "printed_on": day,
        "posted_on": day,
        "posted_by": by,
        "recheck_on": day + timedelta(days=180),
    }


class MeetingFactory(DjangoModelFactory):
    class Meta:
        model = PublicMeeting

    government = factory.SubFactory(GovernmentFactory)
    series = "Kopi Tahu"
    title = "Kopi Tahu di Pasar"
    held_on = factory.LazyFunction(timezone.localdate)
    created_by = factory.SubFactory(
        MembershipFactory, government=factory.SelfAttribute("..government")
    )
    created_at = factory.LazyFunction(timezone.now)
    form_key = factory.LazyFunction(uuid4)

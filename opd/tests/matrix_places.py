"""The doors of places, posters and public meetings."""

from typing import Any

from opd.enums import Role
from opd.tests.doors import FORM, MEMBERS, Door
from opd.tests.fixtures import Cast

MANAGERS = frozenset({Role.COMPLAINT_COORDINATOR, Role.ZI_SECRETARIAT})
WRITERS = MANAGERS | {Role.OPD_HEAD, Role.OPD_OPERATOR}
READERS = WRITERS | {Role.MAYOR, Role.SEKDA, Role.INSPECTORATE, Role.LIAISON_OFFICER}
KEEPERS = frozenset({Role.MAYOR, Role.ZI_SECRETARIAT, Role.COMPLAINT_COORDINATOR})
PROMISERS = frozenset({Role.MAYOR, Role.ZI_SECRETARIAT})


def _place(cast: Cast, unit: Any) -> Any:
    from opd.tests.factories_places import PlaceFactory

    return PlaceFactory(government=cast.home, unit=unit)


def place(cast: Cast) -> dict[str, Any]:
    return {"pk": _place(cast, cast.unit).pk}


def elsewhere(cast: Cast) -> dict[str, Any]:
    return {"pk": _place(cast, cast.other_unit).pk}


def shared(cast: Cast) -> dict[str, Any]:
    return {**place(cast), "shape": "square"}


def shared_elsewhere(cast: Cast) -> dict[str, Any]:
    return {**elsewhere(cast), "shape": "square"}


def _poster(cast: Cast, unit: Any, **values: Any) -> Any:
    from opd.tests.factories_places import PosterFactory

    return PosterFactory(place=_place(cast, unit), **values)


def poster(cast: Cast) -> dict[str, Any]:
    return {"pk": _poster(cast, cast.unit).pk}


def poster_elsewhere(cast: Cast) -> dict[str, Any]:
    return {"pk": _poster(cast, cast.other_unit).pk}


def _pictured(cast: Cast, unit: Any) -> dict[str, Any]:
    from opd.tests.factories_places import stored_photo

    photo = stored_photo(cast[Role.OPD_OPERATOR])
    return {"public_id": _poster(cast, unit, photo=photo).photo.public_id}


def pictured(cast: Cast) -> dict[str, Any]:
    return _pictured(cast, cast.unit)


def pictured_elsewhere(cast: Cast) -> dict[str, Any]:
    return _pictured(cast, cast.other_unit)


def upload(cast: Cast) -> dict[str, Any]:
    from django.utils import timezone

    from opd.actions.places import receive_places

    made = receive_places(
        by=cast[Role.ZI_SECRETARIAT],
        data=b"nama;jenis\nSDN Satu;SD\n;SD\n",
        now=timezone.now(),
    )
    return {"import_id": made.pk}


def meeting(cast: Cast) -> dict[str, Any]:
    from opd.tests.factories_places import MeetingFactory

    row = MeetingFactory(government=cast.home, created_by=cast[Role.ZI_SECRETARIAT])
    return {"pk": row.pk}


PLACES = [
    Door("opd:places", allowed=READERS),
    Door("opd:place_csv", allowed=READERS, is_page=False),
    Door("opd:place_add", allowed=WRITERS),
    Door("opd:place_add", allowed=WRITERS, method="post", answer=FORM),
    Door("opd:place", allowed=READERS, kwargs=place, elsewhere=elsewhere),
    Door("opd:place_edit", allowed=WRITERS, kwargs=place, elsewhere=elsewhere),
    Door(
        "opd:place_edit",
        allowed=WRITERS,
        kwargs=place,
        elsewhere=elsewhere,
        method="post",
        answer=FORM,
    ),
    Door("opd:place_active", allowed=WRITERS, kwargs=place, elsewhere=elsewhere, method="post"),
    Door(
        "opd:place_share",
        allowed=READERS,
        kwargs=shared,
        elsewhere=shared_elsewhere,
        is_page=False,
    ),
    Door("opd:place_import_upload", allowed=MANAGERS),
    Door("opd:place_import_upload", allowed=MANAGERS, method="post", answer=FORM),
    Door("opd:place_import_template", allowed=MANAGERS, is_page=False),
    Door("opd:place_import", allowed=MANAGERS, kwargs=upload),
    Door("opd:place_import_confirm", allowed=MANAGERS, kwargs=upload, method="post"),
    Door("opd:place_import_discard", allowed=MANAGERS, kwargs=upload, method="post"),
    Door("opd:place_import_refused", allowed=MANAGERS, kwargs=upload, is_page=False),
    Door("opd:posters_make", allowed=WRITERS, method="post"),
    Door("opd:poster_line", allowed=MANAGERS),
    Door("opd:poster_line", allowed=MANAGERS, method="post", answer=FORM),
    Door("opd:poster_post", allowed=WRITERS, kwargs=poster, elsewhere=poster_elsewhere),
    Door(
        "opd:poster_post",
        allowed=WRITERS,
        kwargs=poster,
        elsewhere=poster_elsewhere,
        method="post",
        answer=FORM,
    ),
    Door("opd:poster_check", allowed=WRITERS, kwargs=poster, elsewhere=poster_elsewhere),
    Door(
        "opd:poster_check",
        allowed=WRITERS,
        kwargs=poster,
        elsewhere=poster_elsewhere,
        method="post",
        answer=FORM,
    ),
    Door(
        "opd:poster_photo",
        allowed=READERS,
        kwargs=pictured,
        elsewhere=pictured_elsewhere,
        is_page=False,
    ),
    Door("opd:meetings", allowed=MEMBERS),
    Door("opd:meeting_add", allowed=KEEPERS),
    Door("opd:meeting_add", allowed=KEEPERS, method="post", answer=FORM),
    Door("opd:meeting", allowed=MEMBERS, kwargs=meeting),
    Door("opd:meeting_edit", allowed=KEEPERS, kwargs=meeting),
    Door("opd:meeting_edit", allowed=KEEPERS, kwargs=meeting, method="post", answer=FORM),
    Door("opd:meeting_end", allowed=KEEPERS, kwargs=meeting, method="post"),
    Door("opd:meeting_card", allowed=KEEPERS, kwargs=meeting, method="post"),
    Door("opd:meeting_promise", allowed=PROMISERS, kwargs=meeting, method="post", answer=FORM),
]

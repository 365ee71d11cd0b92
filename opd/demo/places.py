"""Places, posters in every state and two public meetings of the invented government."""

from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from integrity_portal.core.files import receive
from integrity_portal.core.models import StoredFile
from integrity_portal.core.partial_dates import PartialDate
from opd.actions import meetings, places, posters, promises
from opd.demo.calendar import find_unit, moment, office
from opd.enums import CheckResult, Role
from opd.models import Government, Membership, Place, Poster
from opd.posters import PHOTO, PHOTO_KIND

DATA = Path(__file__).parent / "data" / "places.yaml"
SLUG = "kota-contoh"
# So long ago the first series was made.
MADE = timedelta(days=215)
DROPPED = {"missing": CheckResult.MISSING, "stickered": CheckResult.STICKERED}


def load(today: date) -> None:
    data = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    government = Government.objects.get(slug=SLUG)
    by = office(government, Role.COMPLAINT_COORDINATOR)
    posters.set_poster_line(text=data["poster_line"], by=by)
    photo = _picture()
    rows = [(_place(by, row), row[-1].split()) for row in data["places"]]
    first = today - MADE
    wanted = [place for place, story in rows if story and story[0] != "closed"]
    posters.make_posters(places=wanted, size="a4", by=by, now=moment(first, 2))
    for place, story in rows:
        if story:
            _story(place, story, by, photo, today)
    for facts in data["meetings"]:
        _meeting(government, facts, today)


def _place(by: Membership, row: list[Any]) -> Place:
    kind, name, address, npsn, unit, _story = row
    return places.add_place(
        facts=places.PlaceFacts(
            name, kind, address, npsn, unit=find_unit(by.government, unit) if unit else None
        ),
        by=by,
    )


def _story(place: Place, story: list[str], by: Membership, photo: bytes, today: date) -> None:
    word, *numbers = story
    days = [today - timedelta(days=int(number)) for number in numbers]
    if word == "closed":
        places.set_place_active(place=place, is_active=False, by=by)
        return
    poster = _newest(place)
    if word == "made":
        return
    if word == "printed":
        posters.record_printed(
            posters=[poster], on=days[0], by=by, now=moment(days[0], 3), today=days[0]
        )
        return
    _post(poster, by, days[0], photo)
    if word == "replaced":
        posters.make_posters(places=[place], size="a4", by=by, now=moment(days[1], 2))
        _post(_newest(place), by, days[1], photo)
    elif word != "posted":
        _check(poster, DROPPED.get(word, CheckResult.OK), by, days[1], photo)
    for _time in range(place.pk % 4 + 1):
        places.count_scan(place=place, today=days[-1])


def _newest(place: Place) -> Poster:
    return place.posters.order_by("-edition")[0]  # type: ignore[attr-defined,no-any-return]


def _post(poster: Poster, by: Membership, day: date, photo: bytes) -> None:
    posters.post_poster(
        poster=poster, on=day, by=by, now=moment(day, 4), today=day, photo=_stored(by, photo)
    )


def _check(poster: Poster, result: str, by: Membership, day: date, photo: bytes) -> None:
    posters.check_poster(
        poster=poster,
        result=result,
        on=day,
        note="",
        form_key=uuid4(),
        by=by,
        now=moment(day, 4),
        today=day,
        photo=_stored(by, photo) if result == CheckResult.STICKERED else None,
    )


def _picture() -> bytes:
    """A drawn wall with a sheet on it: nobody's real photo."""
    image = Image.new("RGB", (480, 360), "#cfd8dc")
    pen = ImageDraw.Draw(image)
    pen.rectangle((160, 50, 320, 276), fill="#ffffff", outline="#51606a", width=2)
    pen.rectangle((160, 50, 320, 80), fill="#0b4f6c")
    pen.rectangle((200, 110, 280, 190), fill="#14232c")
    pen.text((168, 284), "contoh", fill="#14232c")
    out = BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


def _stored(by: Membership, photo: bytes) -> StoredFile:
    return receive(
        SimpleUploadedFile("poster.jpg", photo),
        rule=PHOTO,
        kind=PHOTO_KIND,
        government_id=by.government_id,
        by_user_id=by.user_id,
    )


def _meeting(government: Government, facts: dict[str, Any], today: date) -> None:
    keeper = office(government, Role.ZI_SECRETARIAT)
    held = today + timedelta(days=facts["held"])
    meeting = meetings.add_meeting(
        facts=meetings.MeetingFacts(facts["title"], held, facts["series"], facts["venue"]),
        form_key=uuid4(),
        by=keeper,
        now=moment(held, 0),
    )
    for row in facts["promises"]:
        made = promises.record_promise(
            facts=promises.PromiseFacts(
                promised_by=f"{government.head_title} {government.name}",
                text=row["text"],
                said=PartialDate(held),
                place=facts["venue"],
                unit=find_unit(government, row["unit"]) if row["unit"] else None,
                due=PartialDate(today + timedelta(days=row["due"])),
            ),
            form_key=uuid4(),
            by=keeper,
            now=moment(held, 1),
            today=held,
            meeting=meeting,
        )
        if "outcome" in row:
            promises.judge_promise(
                promise=made,
                is_kept=row["outcome"] == "kept",
                on=today + timedelta(days=row["judged"]),
                proof_note=row["note"],
                by=keeper,
                now=moment(today, 0),
                today=today,
            )
    if held < today:
        meetings.end_meeting(meeting=meeting, by=keeper, now=moment(held, 5), today=today)

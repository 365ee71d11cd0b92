"""Posters: made as PDF, printed, posted, looked at again."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from integrity_portal.core import files, ledger
from integrity_portal.core.documents.actions import request_document
from integrity_portal.core.models import Document, StoredFile
from opd import posters as kinds
from opd.enums import CheckResult, PlaceKind, PosterState
from opd.models import Government, Membership, Place, Poster, PosterCheck
from opd.permissions import manages_places, may_write_place
from opd.posters import GENERAL
from opd.transitions import StepRefused, perform
from opd.workflow import POSTER

SIZES = ("a4", "a5")
KIND_OF_SIZE = {"a4": "opd.posters_a4", "a5": "opd.posters_a5"}
# More would be a book that nobody's printer takes; a second series goes as well.
MOST = 1000


@transaction.atomic
def make_posters(
    *, places: Iterable[Place], size: str, by: Membership, now: datetime, kind: str = GENERAL
) -> Document:
    """One sheet for each place, in one PDF that a worker makes.

    A sheet that still waits to be posted is printed again, otherwise a new edition begins.
    Raises PermissionDenied, StepRefused.
    """
    rows = _places(places, by)
    _press_once(by)
    found = _waiting(rows, kind)
    sheets = [found.get(row.pk) or _new_edition(row, kind, by, now) for row in rows]
    first = f"Poster {rows[0].name[:120]}"
    document = request_document(
        kind=KIND_OF_SIZE[size],
        params={"posters": [sheet.pk for sheet in sheets]},
        title=first if len(rows) == 1 else f"Poster untuk {len(rows)} tempat",
        by=by,
        now=now,
        is_sample=by.government.is_sample,
    )
    Poster.objects.filter(pk__in=[sheet.pk for sheet in sheets]).update(document=document)
    codes: dict[str, ledger.Code] = {"count": len(rows), "size": size, "kind": kind}
    ledger.record("posters.made", document, by=by, codes=codes)
    return document


def _places(places: Iterable[Place], by: Membership) -> list[Place]:
    order = list(PlaceKind.values)
    rows = sorted(places, key=lambda row: (order.index(row.kind), row.name, row.pk))
    if not rows:
        raise StepRefused(_("Choose at least one place."))
    if len(rows) > MOST:
        raise StepRefused(_("At most 1.000 posters at once. Choose a kind or a region."))
    if not all(may_write_place(by, row) for row in rows):
        raise PermissionDenied(_("Your role does not include this place."))
    return rows


def _press_once(by: Membership) -> None:
    """Two presses of a button wait for each other, so that no edition is made twice."""
    Government.objects.select_for_update(no_key=True).get(pk=by.government_id)


def _waiting(rows: list[Place], kind: str) -> dict[int, Poster]:
    found = Poster.objects.filter(place__in=[row.pk for row in rows], kind=kind).waiting()
    return {poster.place_id: poster for poster in found.order_by("edition")}


def _new_edition(place: Place, kind: str, by: Membership, now: datetime) -> Poster:
    last = place.posters.filter(kind=kind).order_by("-edition").first()
    return Poster.objects.create(
        government_id=place.government_id,
        place=place,
        kind=kind,
        edition=last.edition + 1 if last else 1,
        made_at=now,
        is_sample=place.is_sample,
    )


def _may(by: Membership, poster: Poster) -> bool:
    return may_write_place(by, poster.place)


@transaction.atomic
def record_printed(
    *, posters: Iterable[Poster], on: date, by: Membership, now: datetime, today: date
) -> int:
    """Those of them that waited for the printer. Answers how many."""
    if on > today:
        raise StepRefused(_("The day lies ahead. Choose today or an earlier day."))
    rows = [row for row in posters if row.state == PosterState.MADE]
    for row in rows:
        perform(POSTER, "print", row, by=by, now=now, may=_may, values={"printed_on": on})
    return len(rows)


@transaction.atomic
def post_poster(
    *,
    poster: Poster,
    on: date,
    by: Membership,
    now: datetime,
    today: date,
    photo: StoredFile | None = None,
) -> Poster:
    """It hangs, since when, by whom, with a photo as proof. An older one of the place is replaced."""
    row = _locked(poster)
    if row.state == PosterState.POSTED:
        return row
    if on > today:
        raise StepRefused(_("The day lies ahead. Choose today or an earlier day."))
    if photo is None:
        raise StepRefused(_("Take a photo of the poster where it hangs."))
    for older in row.place.posters.filter(kind=row.kind).hanging():  # type: ignore[attr-defined]
        _take_down(older, by, now)
    files.keep(photo)
    return perform(
        POSTER,
        "post",
        row,
        by=by,
        now=now,
        may=_may,
        values={
            "posted_on": on,
            "posted_by": by,
            "photo": photo,
            "printed_on": row.printed_on or on,
            "recheck_on": kinds.kind(row.kind).recheck_after(on),
        },
    )


def _take_down(older: Poster, by: Membership, now: datetime) -> None:
    perform(POSTER, "replace", older, by=by, now=now, may=_may, values={"recheck_on": None})


@transaction.atomic
def check_poster(
    *,
    poster: Poster,
    result: str,
    on: date,
    note: str,
    form_key: UUID,
    by: Membership,
    now: datetime,
    today: date,
    photo: StoredFile | None = None,
) -> PosterCheck:
    """Somebody went and looked. Missing or covered: it counts no longer as posted."""
    known = PosterCheck.objects.filter(form_key=form_key, government_id=by.government_id).first()
    if known:
        return known
    row = _locked(poster)
    _check_day(row, on, today)
    if result == CheckResult.STICKERED and photo is None:
        raise StepRefused(_("Take a photo of the sticker: it is a proof."))
    step = "lose" if result in (CheckResult.MISSING, CheckResult.STICKERED) else "confirm"
    due = kinds.kind(row.kind).recheck_after(on) if step == "confirm" else None
    perform(POSTER, step, row, by=by, now=now, may=_may, values={"recheck_on": due})
    if photo is not None:
        files.keep(photo)
    check = PosterCheck.objects.create(
        government_id=row.government_id,
        poster=row,
        result=result,
        seen_on=on,
        note=note,
        photo=photo,
        form_key=form_key,
        checked_by=by,
        checked_at=now,
    )
    ledger.record("poster.checked", check, by=by, codes={"poster": row.pk, "result": result})
    return check


def _check_day(row: Poster, on: date, today: date) -> None:
    if on > today:
        raise StepRefused(_("The day lies ahead. Choose today or an earlier day."))
    if row.posted_on is None or on < row.posted_on:
        raise StepRefused(_("The day lies before the poster was posted."))


def _locked(poster: Poster) -> Poster:
    return (
        Poster.objects.select_related("place__unit", "place__government")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=poster.pk)
    )


@transaction.atomic
def set_poster_line(*, text: str, by: Membership) -> Government:
    """The line in the local language that stands on every new poster; empty takes it away."""
    if not manages_places(by):
        raise PermissionDenied(_("Your role does not include lists of places."))
    row = Government.objects.select_for_update(no_key=True).get(pk=by.government_id)
    if row.poster_line != text:
        row.poster_line = text
        row.save(update_fields=["poster_line"])
        ledger.record("posters.line_set", row, by=by, government_id=row.pk)
    return row

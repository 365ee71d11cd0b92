"""Posters: in series as one PDF, printed, posted with a photo, looked at again, shared."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_POST, require_safe

from integrity_portal.core.http import local_path, or_404, serve_file
from opd import posters as addresses
from opd.actions import posters as actions
from opd.forms.places import CheckForm, PosterLineForm, PostForm
from opd.http import PortalRequest, posted, screen
from opd.models import Place, Poster
from opd.permissions import (
    can_read_places,
    manages_places,
    may_write_place,
    writes_places,
)
from opd.posters import PHOTO, PHOTO_KIND
from opd.queries import places as place_queries, posters as queries
from opd.refusals import refusals_in, refusals_said
from opd.share_images import SHAPES, Words, share_image
from opd.views.places import chosen, crumbs, form_page, place_or_404, reads_and_sends
from opd.views.uploads import arrived


@screen(writes_places)
@require_POST
def make(request: PortalRequest) -> HttpResponse:
    """For the ticked places, or without a tick for all of the list as it was filtered."""
    places = _places(request)
    with refusals_said(request):
        if "printed" in request.POST:
            _printed(request, places)
        else:
            size = "a5" if request.POST.get("size") == "a5" else "a4"
            document = actions.make_posters(
                places=places, size=size, by=request.membership, now=timezone.now()
            )
            return redirect("reports:document", document.pk)
    return redirect(local_path(request.POST.get("back", ""), reverse("opd:places")))


def _places(request: PortalRequest) -> list[Place]:
    ticked = [key for key in request.POST.getlist("place") if key.isascii() and key.isdigit()]
    if ticked:
        keys = [int(key) for key in ticked if len(key) < 19]
        return queries.chosen_places(request.membership, keys)
    today = timezone.localdate()
    rows = list(place_queries.places(request.membership, chosen(request.POST), today=today))
    rows = [row for row in rows if row.is_active]
    if manages_places(request.membership):
        return rows
    return [row for row in rows if may_write_place(request.membership, row)]


def _printed(request: PortalRequest, places: list[Place]) -> None:
    count = actions.record_printed(
        posters=queries.posters_waiting(request.membership, [row.pk for row in places]),
        on=timezone.localdate(),
        by=request.membership,
        now=timezone.now(),
        today=timezone.localdate(),
    )
    said = ngettext(
        "%(count)d poster is recorded as printed.",
        "%(count)d posters are recorded as printed.",
        count,
    )
    messages.success(request, said % {"count": count})


@screen(writes_places)
@reads_and_sends
def post(request: PortalRequest, pk: int) -> HttpResponse:
    found = _writable(request, pk)
    today = timezone.localdate()
    form = PostForm(posted(request), request.FILES or None, initial={"on": today})
    if request.method == "POST":
        form.is_valid()
        photo = arrived(request, form, PHOTO_KIND, PHOTO)
        if not form.errors:
            with refusals_in(form, upload="proof"):
                actions.post_poster(
                    poster=found,
                    on=form.cleaned_data["on"],
                    by=request.membership,
                    now=timezone.now(),
                    today=today,
                    photo=photo,
                )
                messages.success(request, _("The poster is recorded as posted."))
                return redirect("opd:place", found.place_id)
    return _page(request, form, found, _("The poster hangs"))


@screen(writes_places)
@reads_and_sends
def check(request: PortalRequest, pk: int) -> HttpResponse:
    found = _writable(request, pk)
    today = timezone.localdate()
    form = CheckForm(posted(request), request.FILES or None, initial={"on": today})
    if request.method == "POST":
        form.is_valid()
        photo = arrived(request, form, PHOTO_KIND, PHOTO)
        if not form.errors:
            clean = form.cleaned_data
            with refusals_in(form, upload="proof"):
                actions.check_poster(
                    poster=found,
                    result=clean["result"],
                    on=clean["on"],
                    note=clean["note"],
                    form_key=clean["form_key"],
                    by=request.membership,
                    now=timezone.now(),
                    today=today,
                    photo=photo,
                )
                messages.success(request, _("What you saw is saved."))
                return redirect("opd:place", found.place_id)
    about = _(
        "Compare the code with the photo from the first day, feel for a sticker, and scan it: the "
        "phone must show the same place and number."
    )
    return _page(request, form, found, _("Look at the poster again"), about)


def _page(
    request: PortalRequest, form: Any, poster: Poster, title: str, about: str = ""
) -> HttpResponse:
    place = poster.place
    trail = crumbs((place.name, reverse("opd:place", args=[place.pk])), (title, ""))
    return form_page(request, form, f"{title}: {place.name}", trail, about)


@screen(can_read_places)
@require_safe
def photo(request: PortalRequest, public_id: str) -> HttpResponseBase:
    return serve_file(or_404(queries.photo_of(request.membership, public_id)))


@screen(can_read_places)
@require_safe
def share(request: PortalRequest, pk: int, shape: str) -> HttpResponse:
    """The poster as a picture for social media."""
    place = place_or_404(request, pk)
    if shape not in SHAPES:
        raise Http404
    government, address = request.government, addresses.place_address(place.token)
    words = Words(
        government=government.official_name,
        place=place.name,
        number=place.number,
        address=address,
        short=addresses.short(address),
        primary=government.primary_colour,
        accent=government.accent_colour,
        is_sample=government.is_sample or place.is_sample,
    )
    response = HttpResponse(share_image(words, shape), content_type="image/png")
    response.headers["Content-Disposition"] = f'attachment; filename="{place.token}-{shape}.png"'
    return response


@screen(manages_places)
@reads_and_sends
def line(request: PortalRequest) -> HttpResponse:
    form = PosterLineForm(posted(request), initial={"text": request.government.poster_line})
    if request.method == "POST" and form.is_valid():
        actions.set_poster_line(text=form.cleaned_data["text"], by=request.membership)
        messages.success(request, _("The line is saved. New posters carry it."))
        return redirect("opd:places")
    title = _("Line in the region's language")
    return form_page(request, form, title, crumbs((title, "")))


def _writable(request: PortalRequest, pk: int) -> Poster:
    found = or_404(queries.poster_of(request.membership, pk))
    if not may_write_place(request.membership, found.place):
        raise PermissionDenied(_("Your role does not include this place."))
    return found

"""A poster's code leads elsewhere: one short form, filed at once, with the place in it."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from complaints.actions.filing import Filing, SentDifferently, file_complaint
from complaints.enums import ComplaintKind, Disclosure
from complaints.forms.public import StickerForm
from complaints.views import visit
from complaints.views.frame import page
from complaints.views.tickets import new_ticket, open_ticket
from integrity_portal.core import ratelimit
from integrity_portal.core.http import or_404
from opd.http import PortalRequest, posted, public
from opd.models import Place
from opd.queries.places import place_of_government
from opd.transitions import StepRefused

MINUTE = timedelta(minutes=1)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def sticker(request: PortalRequest, government_slug: str, token: str) -> HttpResponse:
    place = or_404(place_of_government(request.government.pk, token))
    mark = f"place-{place.pk}"
    story = _("On the poster at %(place)s a sticker covers the code, or the code leads elsewhere.")
    start = {"ticket": new_ticket(mark), "story": story % {"place": place.name}}
    form = StickerForm(posted(request), initial=start)
    if request.method == "POST" and form.is_valid():
        ticket = open_ticket(mark, form.cleaned_data["ticket"])
        if ticket is not None:
            return _send(request, form, ticket, place)
        form.add_error(None, _("The form was open for too long. Send it once more."))
        form.overwrite(ticket=new_ticket(mark))
    return page(request, "sticker", "report", {"form": form, "place": place})


def _send(
    request: PortalRequest, form: StickerForm, ticket: dict[str, str], place: Place
) -> HttpResponse:
    now = timezone.now()
    address = ratelimit.client_address(request.META)
    ratelimit.hit("complaints.file.minute", address, limit=60, window=MINUTE, now=now)
    filing = Filing(
        draft_key=ticket["key"],
        code=ticket["code"],
        kind=ComplaintKind.COMPLAINT,
        story=form.cleaned_data["story"],
        where_text=place.name,
        disclosure=Disclosure.ANONYMOUS,
        place=place,
        region=place.region,
    )
    try:
        done = file_complaint(government=request.government, filing=filing, now=now)
    except (SentDifferently, StepRefused) as refused:
        form.add_error(None, str(refused))
        return page(request, "sticker", "report", {"form": form, "place": place})
    kept = {"complaint": done.complaint.pk, "code": done.code}
    visit.keep(request, visit.RECEIPT, kept, now=now)
    return redirect("complaints:receipt", government_slug=request.government.slug)

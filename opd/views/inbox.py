"""The inbox of an office, what is late, and how a person wants to be told."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from integrity_portal.core.http import local_path, or_404
from opd import whatsapp
from opd.actions import inbox as actions
from opd.forms.messages import MessageChoiceForm
from opd.http import PortalRequest, screen
from opd.permissions import can_see_late, is_member
from opd.queries import inbox as queries
from opd.refusals import refusals_in

PER_PAGE = 30


@screen(is_member)
@require_safe
def inbox(request: PortalRequest) -> HttpResponse:
    """What came, folded by day; unread ones are marked and counted."""
    now = timezone.now()
    page = Paginator(queries.items_of(request.membership), PER_PAGE).get_page(
        request.GET.get("page")
    )
    rows = queries.rows(request.membership, list(page.object_list), timezone.localdate())
    context = {
        "days": queries.by_day(rows),
        "page_obj": page,
        "until": now.isoformat(),
        "has_unread": any(not row.is_read for row in rows),
    }
    return render(request, "opd/inbox/inbox.html", context)


@screen(is_member)
@require_POST
def inbox_open(request: PortalRequest, pk: int) -> HttpResponse:
    """Read it and go where it leads; without a place one may see, stay in the inbox."""
    item = or_404(queries.item_of(request.membership, pk))
    actions.mark_read(by=request.membership, items=[item.pk], now=timezone.now())
    row = queries.rows(request.membership, [item], timezone.localdate())[0]
    if row.url and "stay" not in request.POST:
        return redirect(local_path(row.url, "/"))
    return redirect("opd:inbox")


@screen(is_member)
@require_POST
def inbox_read_all(request: PortalRequest) -> HttpResponse:
    """What was on the page; what came since stays unread."""
    now = timezone.now()
    until = _moment(request.POST.get("until", "")) or now
    count = actions.mark_all_read(by=request.membership, until=min(until, now), now=now)
    if count:
        messages.success(request, _("Everything is read."))
    return redirect("opd:inbox")


def _moment(text: str):  # type: ignore[no-untyped-def]
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and timezone.is_aware(moment) else None


@screen(can_see_late)
@require_safe
def late(request: PortalRequest) -> HttpResponse:
    """Overdue, and whose move it is."""
    things = queries.late_things(request.membership, timezone.localdate(), limit=200)
    return render(request, "opd/inbox/late.html", {"things": things})


@require_http_methods(["GET", "HEAD", "POST"])
def message_choice(request: PortalRequest) -> HttpResponse:
    """One's own choice: for everybody who is signed in, with an office or without."""
    choice = queries.message_choice(request.user)
    form = MessageChoiceForm.showing(choice)
    if request.method == "POST":
        form = MessageChoiceForm(request.POST)
        if form.is_valid():
            with refusals_in(form, "digest_hour"):
                actions.choose_messages(
                    person=request.user,
                    by=request.membership,
                    wish=form.cleaned_data["wish"],
                    hours=form.hours(),
                )
                messages.success(request, _("Your choice is saved."))
                return redirect("opd:account")
    identifiers = {row.kind for row in request.user.identifiers.all()}
    context = {
        "form": form,
        "has_phone": "phone" in identifiers,
        "has_mail": "email" in identifiers or bool(request.user.email),
        "has_gateway": whatsapp.is_configured(),
    }
    status = 422 if form.errors else 200
    return render(request, "opd/people/message_choice.html", context, status=status)

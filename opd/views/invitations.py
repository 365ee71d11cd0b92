"""Inviting people, and the public page behind the link."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opd import invitation_links, permissions, queries
from opd.actions import invitations as actions
from opd.enums import IdentifierKind
from opd.forms import passwords, people as forms
from opd.http import PortalRequest, posted, public, screen
from opd.models import Invitation
from opd.refusals import refusals_said
from opd.transitions import StepRefused


@require_safe
@screen(permissions.can_manage_people)
def invitations(request: PortalRequest) -> HttpResponse:
    now = timezone.now()
    page = Paginator(queries.invitations(request.membership), 25).get_page(request.GET.get("page"))
    rows = [{"invitation": row, "state": row.state_at(now)} for row in page]
    return render(request, "opd/people/invitations.html", {"rows": rows, "page_obj": page})


@require_http_methods(["GET", "POST"])
@screen(permissions.can_manage_people)
def invite(request: PortalRequest) -> HttpResponse:
    by, now, today = request.membership, timezone.now(), timezone.localdate()
    units = queries.units_to_choose(by, today=today)
    form = forms.InvitationForm(posted(request), by=by, units=units, initial={"valid_from": today})
    if form.is_valid():
        data = form.cleaned_data
        try:
            made = actions.invite(
                name=data["name"],
                login=data["identifier"],
                office=form.office(),
                by=by,
                now=now,
                today=today,
                link=_link,
            )
        except (StepRefused, PermissionDenied) as error:
            form.add_error(None, str(error))
        else:
            mailed = made.invitation.identifier_kind == IdentifierKind.EMAIL
            return render(request, "opd/people/invited.html", {"made": made, "mailed": mailed})
    return render(request, "opd/people/invite.html", {"form": form})


def _link(token: str) -> str:
    return str(settings.BASE_URL) + reverse("join", kwargs={"token": token})


@require_POST
@screen(permissions.can_manage_people)
def invitation_withdraw(request: PortalRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(queries.invitations(request.membership), pk=pk)
    with refusals_said(request):
        actions.withdraw_invitation(invitation=row, by=request.membership, now=timezone.now())
        messages.success(request, _("The link no longer works."))
    return redirect("opd:invitations")


@public
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters()
@sensitive_variables()
def join(request: PortalRequest, token: str) -> HttpResponse:
    """Whoever has the link sets a password, or signs in when there is an account already."""
    now = timezone.now()
    invitation = queries.invitation_by_hash(invitation_links.token_hash(token))
    if invitation is None:
        sentence = _("This link is not complete or does not exist. Open it from the mail again.")
        return _closed(request, sentence, status=404)
    sentence = invitation_links.missing_to_accept(invitation, now)
    if sentence:
        return _closed(request, sentence, status=410)
    known = queries.person_with_login(
        IdentifierKind(invitation.identifier_kind), invitation.identifier_value
    )
    try:
        if known is not None:
            return _join_known(request, invitation, known.pk)
        return _join_new(request, invitation)
    except StepRefused as error:
        return _closed(request, str(error), status=409)


def _closed(request: PortalRequest, sentence: str, *, status: int) -> HttpResponse:
    return render(request, "opd/join/closed.html", {"sentence": sentence}, status=status)


def _join_known(request: PortalRequest, invitation: Invitation, known: int) -> HttpResponse:
    """The office is added when the owner of the account agrees, signed in."""
    fits = request.user.is_authenticated and request.user.pk == known
    if request.method == "POST" and fits:
        actions.accept_as(invitation=invitation, person=request.user, now=timezone.now())
        messages.success(request, _("You hold this office now. Choose it to act in it."))
        return redirect("opd:offices")
    context = {"invitation": invitation, "fits": fits}
    return render(request, "opd/join/known.html", context)


def _join_new(request: PortalRequest, invitation: Invitation) -> HttpResponse:
    if request.user.is_authenticated:
        return render(request, "opd/join/known.html", {"invitation": invitation, "fits": False})
    form = passwords.JoinForm(posted(request))
    if form.is_valid():
        try:
            actions.accept_as_new(
                invitation=invitation,
                password=form.cleaned_data["password1"],
                now=timezone.now(),
            )
        except ValidationError as error:
            form.add_error("password1", error)
        else:
            messages.success(request, _("Your account is ready. Sign in with your new password."))
            return redirect("account_login")
    return render(request, "opd/join/new.html", {"invitation": invitation, "form": form})

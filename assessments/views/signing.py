"""Signing in the portal, recording signatures given elsewhere, withdrawing, downloading scans."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account.decorators import reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments.actions import signatures as actions
from assessments.enums import DeclarationState
from assessments.forms.signatures import (
    CertifiedSignatureForm,
    ScanForm,
    SignForm,
    WetSignatureForm,
    WithdrawForm,
)
from assessments.models import Declaration, Signatory
from assessments.permissions import can_manage_acts, can_read_acts, may_sign
from assessments.views.shared import act_crumbs, find_declaration, find_signatory, receive
from integrity_portal.core.files import FileRefused
from integrity_portal.core.http import refuse, serve_file
from opd.http import PortalRequest, screen
from opd.transitions import StepRefused

READ = require_http_methods(["GET", "HEAD", "POST"])


def freshly_proven(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Ask for the password or second factor again; then come back to the page, not to the POST.

    allauth would replay the POST without the middleware that says in which office one acts.
    """
    guarded = reauthentication_required(view)

    @wraps(view)
    def wrapped(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return guarded(request, *args, **kwargs)
        except ReauthenticationRequired:
            query = urlencode({"next": request.path})
            return redirect(f"{reverse('account_reauthenticate')}?{query}")

    return wrapped


def _my_place(request: PortalRequest, declaration: Declaration) -> Signatory:
    for row in declaration.signatories.all():
        if may_sign(request.membership, row):
            return row
    raise refuse(_("You do not stand among the signatories in the office you hold now."))


def _sign_after_proof(request: PortalRequest, declaration: Declaration) -> HttpResponse:
    place = _my_place(request, declaration)
    if place.signature is not None or declaration.state != DeclarationState.OPEN:
        return redirect("assessments:declaration", declaration.pk)
    form = SignForm(
        request.POST if request.method == "POST" else None,
        initial={"text_sha256": declaration.text_sha256},
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.sign_in_portal(
                signatory=place,
                text_sha256=form.cleaned_data["text_sha256"],
                by=request.membership,
                now=timezone.now(),
            )
        except StepRefused as refusal:
            form = SignForm(initial={"text_sha256": declaration.text_sha256})
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("You have signed. Thank you."))
            return redirect("assessments:declaration", declaration.pk)
    context = {"act": declaration, "place": place, "form": form}
    crumbs = act_crumbs(declaration, _("Sign"))
    return render(request, "assessments/sign.html", {**context, "breadcrumbs": crumbs})


@screen(can_read_acts)
@READ
def sign(request: PortalRequest, pk: int) -> HttpResponse:
    """The text, its SHA-256 and one button; only for the office that stands in the list."""
    declaration = find_declaration(request, pk)
    _my_place(request, declaration)
    return freshly_proven(_sign_after_proof)(request, declaration)


@screen(can_manage_acts)
@READ
def record_wet(request: PortalRequest, pk: int, signatory: int) -> HttpResponse:
    declaration, place = _open_place(request, pk, signatory)
    today = timezone.localdate()
    form = _bound(request, WetSignatureForm, today=today, initial={"signed": declaration.held})
    if request.method == "POST" and form.is_valid():
        signed, upload = form.cleaned_data["signed"], form.cleaned_data["scan"]

        def act() -> None:
            scan = receive(request, upload, "signature") if upload else None
            actions.record_wet(
                signatory=place,
                signed_on=signed.date,
                precision=signed.precision,
                scan=scan,
                by=request.membership,
                now=timezone.now(),
            )

        if _done(request, form, "scan", act, _("The signature is recorded.")):
            return _back(place)
    return _page(request, declaration, place, form, "wet")


@screen(can_manage_acts)
@READ
def record_certified(request: PortalRequest, pk: int, signatory: int) -> HttpResponse:
    declaration, place = _open_place(request, pk, signatory)
    form = _bound(request, CertifiedSignatureForm, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():

        def act() -> None:
            actions.record_certified(
                signatory=place,
                signed_on=form.cleaned_data["signed"],
                pdf=receive(request, form.cleaned_data["pdf"], "signature"),
                by=request.membership,
                now=timezone.now(),
            )

        if _done(request, form, "pdf", act, _("The certified signature is recorded.")):
            return _back(place)
    return _page(request, declaration, place, form, "certified")


@screen(can_manage_acts)
@READ
def attach_scan(request: PortalRequest, pk: int, signatory: int) -> HttpResponse:
    declaration = find_declaration(request, pk)
    place = find_signatory(declaration, signatory)
    form = _bound(request, ScanForm)
    if request.method == "POST" and form.is_valid():

        def act() -> None:
            scan = receive(request, form.cleaned_data["scan"], "signature")
            actions.attach_scan(signatory=place, scan=scan, by=request.membership)

        if _done(request, form, "scan", act, _("The scan is saved.")):
            return _back(place)
    return _page(request, declaration, place, form, "scan")


@screen(can_manage_acts)
@READ
def withdraw(request: PortalRequest, pk: int, signatory: int) -> HttpResponse:
    declaration, place = _open_place(request, pk, signatory)
    form = _bound(request, WithdrawForm)
    if request.method == "POST" and form.is_valid():

        def act() -> None:
            actions.withdraw_signature(
                signatory=place,
                reason=form.cleaned_data["reason"],
                by=request.membership,
                now=timezone.now(),
            )

        if _done(request, form, "reason", act, _("The signature is withdrawn.")):
            return _back(place)
    return _page(request, declaration, place, form, "withdraw")


@screen(can_read_acts)
@require_safe
def signature_file(request: PortalRequest, pk: int, signature: int) -> HttpResponseBase:
    """The scan or the certified PDF, for everybody who may read the act."""
    declaration = find_declaration(request, pk)
    for place in declaration.signatories.all():
        for row in place.signatures.all():
            if row.pk == signature and row.scan is not None:
                return serve_file(row.scan)
    raise Http404


def _open_place(request: PortalRequest, pk: int, signatory: int) -> tuple[Declaration, Signatory]:
    declaration = find_declaration(request, pk)
    place = find_signatory(declaration, signatory)
    if declaration.state != DeclarationState.OPEN:
        raise refuse(_("This declaration is not open for signing."))
    return declaration, place


def _bound(request: PortalRequest, form: Any, **kwargs: Any) -> Any:
    if request.method == "POST":
        return form(request.POST, request.FILES, **kwargs)
    return form(**kwargs)


def _done(
    request: PortalRequest, form: Any, field: str, act: Callable[[], None], said: str
) -> bool:
    """Whether the action went through; its refusal stands at the field otherwise."""
    try:
        act()
    except (StepRefused, FileRefused) as refusal:
        form.add_error("signed" if isinstance(refusal, actions.WrongDay) else field, str(refusal))
        return False
    messages.success(request, said)
    return True


def _back(place: Signatory) -> HttpResponse:
    url = reverse("assessments:declaration", args=[place.declaration_id])
    return redirect(f"{url}#signatory-{place.pk}")


def _page(
    request: PortalRequest, declaration: Declaration, place: Signatory, form: Any, kind: str
) -> HttpResponse:
    headings = {
        "wet": _("Record a signature on paper"),
        "certified": _("Record a certified signature"),
        "scan": _("Add the scan"),
        "withdraw": _("Withdraw a signature"),
    }
    context = {"act": declaration, "place": place, "form": form, "kind": kind}
    return render(
        request,
        "assessments/signature.html",
        {
            **context,
            "heading": headings[kind],
            "breadcrumbs": act_crumbs(declaration, headings[kind]),
        },
    )

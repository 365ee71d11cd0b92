"""The channels for the IT team: health, secrets in, a test message, the webhook's address."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from complaints.actions import channels as actions
from complaints.channel_enums import UNOFFICIAL, Adapter
from complaints.channels.registry import is_allowed
from complaints.forms.channels import ChannelForm, SecretsForm, TestForm, adapter_or_none
from complaints.models import ChannelAccount
from complaints.permissions import can_keep_channels, can_read_channels
from complaints.queries import channels
from integrity_portal.core.http import or_404
from opd.http import PortalRequest, posted, screen
from opd.refusals import refusals_in, refusals_said


@require_safe
@screen(can_read_channels)
def channel_list(request: PortalRequest) -> HttpResponse:
    accounts = list(channels.accounts_for(request.membership))
    healths = channels.healths(accounts, timezone.now())
    context = {
        "rows": [(account, healths[account.pk]) for account in accounts],
        "may_keep": can_keep_channels(request.membership),
    }
    return render(request, "complaints/channels/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@screen(can_keep_channels)
def add(request: PortalRequest) -> HttpResponse:
    """First which provider (`?provider=`), then what it needs."""
    kind = adapter_or_none(request.GET.get("provider", ""))
    if kind is None:
        offered = [(adapter, adapter in UNOFFICIAL) for adapter in Adapter if is_allowed(adapter)]
        context = {"offered": offered, "breadcrumbs": _crumbs(_("New channel"))}
        return render(request, "complaints/channels/choose.html", context)
    form = ChannelForm(posted(request), adapter=kind)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            account = actions.open_channel(
                by=request.membership,
                adapter=kind,
                label=form.cleaned_data["label"],
                number=form.cleaned_data["number"],
                values=form.values(),
                now=timezone.now(),
            )
            messages.success(request, _("The channel was set up. Now enter its address there."))
            return redirect("complaints:channel", account.pk)
    context = {
        "form": form,
        "kind": kind,
        "is_unofficial": kind in UNOFFICIAL,
        "breadcrumbs": _crumbs(str(kind.label)),
    }
    return render(request, "complaints/channels/add.html", context)


@require_safe
@screen(can_keep_channels)
def detail(request: PortalRequest, pk: int) -> HttpResponse:
    return _page(request, _account(request, pk))


@require_POST
@screen(can_keep_channels)
def rotate(request: PortalRequest, pk: int) -> HttpResponse:
    account = _account(request, pk)
    form = _secrets_form(account, request.POST)
    if form.is_valid():
        with refusals_in(form):
            actions.rotate_secrets(
                account=account,
                by=request.membership,
                values=form.values(),
                now=timezone.now(),
                new_address=form.cleaned_data["new_address"],
            )
            messages.success(request, _("Replaced. The channel is checked in a moment."))
            return redirect("complaints:channel", account.pk)
    return _page(request, account, secrets_form=form, form=form)


@require_POST
@screen(can_keep_channels)
def test(request: PortalRequest, pk: int) -> HttpResponse:
    account = _account(request, pk)
    form = _test_form(account, request.POST)
    if form.is_valid():
        with refusals_in(form):
            actions.send_test(
                account=account,
                by=request.membership,
                number=form.cleaned_data["number"],
                now=timezone.now(),
            )
            messages.success(request, _("The test message is on its way."))
            return redirect("complaints:channel", account.pk)
    return _page(request, account, test_form=form, form=form)


@require_POST
@screen(can_keep_channels)
def switch(request: PortalRequest, pk: int) -> HttpResponse:
    account = _account(request, pk)
    with refusals_said(request):
        actions.switch_channel(
            account=account, by=request.membership, is_active="on" in request.POST
        )
    return redirect("complaints:channel", account.pk)


def _page(request: PortalRequest, account: ChannelAccount, **bound: Any) -> HttpResponse:
    context = {
        "account": account,
        "health": channels.healths([account], timezone.now())[account.pk],
        "address": f"{settings.BASE_URL}{reverse('complaints:hook', args=[account.opened('token_sealed')])}",
        "is_unofficial": account.adapter in UNOFFICIAL,
        "is_gammu": account.adapter == Adapter.GAMMU,
        "secrets_form": _secrets_form(account),
        "test_form": _test_form(account),
        "breadcrumbs": _crumbs(account.label),
    }
    return render(request, "complaints/channels/detail.html", {**context, **bound})


def _account(request: PortalRequest, pk: int) -> ChannelAccount:
    return or_404(channels.account_for(request.membership, pk))


def _secrets_form(account: ChannelAccount, data: Any = None) -> SecretsForm:
    url = reverse("complaints:channel_rotate", args=[account.pk])
    return SecretsForm(data, adapter=account.adapter, action=url, initial=account.settings)


def _test_form(account: ChannelAccount, data: Any = None) -> TestForm:
    return TestForm(data, action=reverse("complaints:channel_test", args=[account.pk]))


def _crumbs(label: str) -> list[dict[str, str]]:
    return [
        {"label": _("SMS and WhatsApp"), "url": reverse("complaints:channels")},
        {"label": label, "url": ""},
    ]

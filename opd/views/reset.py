"""A new password with a one-time code from the administrator; for people without a mailbox."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from integrity_portal.core import ratelimit
from opd.actions import accounts as actions
from opd.forms.passwords import ResetForm
from opd.http import PortalRequest, posted, public

# A whole office may sit behind one address; one identifier is tried by one person.
PER_ADDRESS = 60
PER_IDENTIFIER = 10
WINDOW = timedelta(minutes=15)


@public
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters()
@sensitive_variables()
def reset(request: PortalRequest) -> HttpResponse:
    form = ResetForm(posted(request))
    if form.is_valid():
        now, login = timezone.now(), form.login()
        typed = ":".join(login) if login else form.cleaned_data["identifier"].casefold()
        address = ratelimit.client_address(request.META)
        ratelimit.hit("reset-address", address, limit=PER_ADDRESS, window=WINDOW, now=now)
        ratelimit.hit("reset-login", typed, limit=PER_IDENTIFIER, window=WINDOW, now=now)
        try:
            fits = actions.reset_password(
                login=login,
                code=form.cleaned_data["code"],
                password=form.cleaned_data["password1"],
                now=now,
            )
        except ValidationError as error:
            form.add_error("password1", error)
        else:
            if fits:
                messages.success(request, _("The password is changed. Sign in with the new one."))
                return redirect("account_login")
            form.refuse()
    return render(request, "opd/join/reset.html", {"form": form})

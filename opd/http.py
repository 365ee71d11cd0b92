"""The typed request of signed-in pages and the decorators that guard them."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from opd.models import Government, Membership, User

View = Callable[..., HttpResponseBase]


class PortalRequest(HttpRequest):
    """`membership` is the office in which the person acts now."""

    user: User  # type: ignore[assignment]
    request_id: str
    records_access: bool
    membership: Membership
    memberships: list[Membership]
    government: Government


def screen(allow: Callable[[Membership], bool], *, hidden: bool = False) -> Callable[[View], View]:
    """Guard a signed-in view by a permission predicate.

    Others get 403 with a sentence; with `hidden` 404, so that not even the page's existence shows.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            membership = getattr(request, "membership", None)
            if membership is None:
                raise (
                    Http404
                    if hidden
                    else PermissionDenied(
                        _("You have no office in the portal today. Ask your administrator.")
                    )
                )
            if not allow(membership):
                raise (
                    Http404
                    if hidden
                    else PermissionDenied(_("Your role does not include this page."))
                )
            return view(request, *args, **kwargs)

        guarded.allow = allow  # type: ignore[attr-defined]
        guarded.hidden = hidden  # type: ignore[attr-defined]
        return guarded

    return guard


def public(view: View) -> View:
    """A page for everybody: no sign-in. The exact list is held by a test."""
    return login_not_required(view)


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: an empty sending is bound too, and so is answered."""
    return request.POST if request.method == "POST" else None

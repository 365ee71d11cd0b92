"""A form carries the office in which it was opened, and is done in that office.

Two tabs may stand in two offices: what is sent from one must neither be lost nor land in the
government of the other (docs/adr/0014-a-form-carries-its-office.md).
"""

from django.contrib import messages
from django.utils.translation import gettext as _

from opd.http import PortalRequest
from opd.models import Membership

SESSION_KEY = "membership_id"
FIELD = "acting_as"


class OfficeGone(Exception):
    """The form's office is not held by the person who sends it: nothing may be written."""


def office_of_form(request: PortalRequest) -> Membership | None:
    """The office of the form being sent; None when it names none. Raises OfficeGone."""
    named = request.POST.get(FIELD) or request.headers.get("X-Portal-Acting-As", "")
    if not named:
        return None
    for membership in request.memberships:
        if str(membership.pk) == named:
            return membership
    raise OfficeGone


def act_as(request: PortalRequest, membership: Membership) -> None:
    """This request and the following pages; said on the next page."""
    request.membership, request.government = membership, membership.government
    request.session[SESSION_KEY] = membership.pk
    place = membership.unit.name if membership.unit else membership.government.official_name
    role = membership.printed_title or membership.get_role_display()
    messages.info(
        request,
        _("You now act as %(role)s, %(place)s: the form was opened in that office.")
        % {"role": role, "place": place},
    )

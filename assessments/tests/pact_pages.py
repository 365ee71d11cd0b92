"""What the tests of pacts share."""

from django.urls import reverse
from django.utils import timezone

from opd.enums import Role
from opd.tests.factories import LoginIdentifierFactory
from opd.tests.factories_services import EmployeePostFactory

TODAY = timezone.localdate()
NOW = timezone.now
YEAR = TODAY.year
NIP = "198503122010011007"


def url(name, *args):
    return reverse(f"assessments:{name}", args=args)


def employed_operator(cast):
    """The unit's operator stands in the roster by his NIP."""
    member = cast[Role.OPD_OPERATOR]
    LoginIdentifierFactory(user=member.user, value=NIP)
    EmployeePostFactory(unit=cast.unit, employee__nip=NIP, employee__name="Siti Aminah")
    return member

"""What the tests of pacts share."""

from django.urls import reverse
from django.utils import timezone

TODAY = timezone.localdate()


NOW = timezone.now


YEAR = TODAY.year


NIP = "198503122010011007"


def url(name, *args):
    return reverse(f"assessments:{name}", args=args)

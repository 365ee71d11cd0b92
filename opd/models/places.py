"""Where posters hang: schools, markets, village halls, counters. A place is not a unit (OPD)."""

import secrets
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from opd.enums import GOVERNMENT_ROLES, PlaceKind
from opd.models.government import Government
from opd.models.units import Unit

if TYPE_CHECKING:
    from opd.models.people import Membership

# No vowels and nothing that looks like another character: read out, typed, never a word.
TOKEN_ALPHABET = "23456789bcdfghjkmnpqrstvwxz"  # noqa: S105
TOKEN_LENGTH = 10


def new_place_token() -> str:
    """47 random bits: printed on posters, tells nothing about the place, never given twice."""
    return "".join(secrets.choice(TOKEN_ALPHABET) for _ in range(TOKEN_LENGTH))


class PlaceQuerySet(models.QuerySet["Place"]):
    def of(self, government_id: int) -> "PlaceQuerySet":
        return self.filter(government_id=government_id)

    def active(self) -> "PlaceQuerySet":
        return self.filter(is_active=True)

    def visible_to(self, membership: "Membership") -> "PlaceQuerySet":
        """Central roles: the whole government; units: places of their branch."""
        rows = self.of(membership.government_id)
        if membership.unit_id is None or membership.role in GOVERNMENT_ROLES:
            return rows
        return rows.filter(unit__lineage__contains=[membership.unit_id])


class Place(models.Model):
    """`token` stands on printed posters for ever; `npsn` is a school's national number."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="places")
    kind = models.CharField(max_length=12, choices=PlaceKind)
    name = models.CharField(max_length=160)
    address = models.CharField(max_length=300, blank=True)
    npsn = models.CharField(max_length=8, blank=True)
    # The kecamatan or kelurahan it lies in, and the unit whose service is given there.
    region = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="places"
    )
    token = models.CharField(max_length=12, unique=True, default=new_place_token, editable=False)
    is_active = models.BooleanField(default=True)
    is_sample = models.BooleanField(default=False)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["government", "id"], name="place_in_government"),
            models.UniqueConstraint(
                fields=["government", "npsn"],
                condition=~Q(npsn=""),
                name="place_npsn_once",
                violation_error_message=_("Another place has this NPSN."),
            ),
            models.CheckConstraint(
                name="place_npsn_has_eight_digits",
                condition=Q(npsn="") | Q(npsn__regex=r"^\d{8}$"),
                violation_error_message=_("An NPSN has 8 digits."),
            ),
        ]
        indexes = [models.Index(fields=["government", "kind", "name"], name="place_list")]

    def __str__(self) -> str:
        return self.name

    @property
    def number(self) -> str:
        """The token as poster and page both show it, in groups that are easy to compare."""
        return f"{self.token[:3]} {self.token[3:6]} {self.token[6:]}".upper()


class PlaceScan(models.Model):
    """How often a place's page was opened on a day. No address, no time, no cookie."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="scans")
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "day"], name="place_scan_once")]

    def __str__(self) -> str:
        return f"{self.count} on {self.day:%Y-%m-%d} at place {self.place_id}"

"""Posters: one sheet for one place, from its PDF to the wall, and who looked whether it still hangs."""

import uuid
from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from integrity_portal.core.models import Document, StoredFile
from opd.enums import GOVERNMENT_ROLES, POSTER_WAITS, CheckResult, PosterState
from opd.models.government import Government
from opd.models.people import Membership
from opd.models.places import Place
from opd.models.transition_rows import TransitionRow


class PosterQuerySet(models.QuerySet["Poster"]):
    def visible_to(self, membership: Membership) -> "PosterQuerySet":
        """As places: central roles all of the government, units those of their branch."""
        rows = self.filter(government_id=membership.government_id)
        if membership.unit_id is None or membership.role in GOVERNMENT_ROLES:
            return rows
        return rows.filter(place__unit__lineage__contains=[membership.unit_id])

    def hanging(self) -> "PosterQuerySet":
        return self.filter(state=PosterState.POSTED)

    def waiting(self) -> "PosterQuerySet":
        return self.filter(state__in=[state.value for state in POSTER_WAITS])


class Poster(models.Model):
    """`kind` is a code of data/posters.yaml; editions of a place count up for each kind."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="posters")
    kind = models.CharField(max_length=20)
    edition = models.PositiveSmallIntegerField()
    state = models.CharField(
        max_length=10, choices=PosterState, default=PosterState.MADE, editable=False
    )
    document = models.ForeignKey(
        Document, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    printed_on = models.DateField(null=True, blank=True)
    posted_on = models.DateField(null=True, blank=True)
    posted_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    photo = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recheck_on = models.DateField(null=True, blank=True)
    is_sample = models.BooleanField(default=False)

    objects = PosterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["government", "id"], name="poster_in_government"),
            models.UniqueConstraint(
                fields=["place", "kind", "edition"], name="poster_edition_once"
            ),
            models.UniqueConstraint(
                fields=["place", "kind"],
                condition=Q(state="posted"),
                name="poster_one_hangs",
                violation_error_message=_("Another poster of this kind hangs at this place."),
            ),
            models.CheckConstraint(
                name="poster_posted_by_whom",
                condition=~Q(state__in=["posted", "gone"])
                | Q(posted_on__isnull=False, posted_by__isnull=False),
            ),
            models.CheckConstraint(
                name="poster_recheck_while_posted",
                condition=Q(state="posted", recheck_on__isnull=False)
                | ~Q(state="posted") & Q(recheck_on__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                fields=["government", "recheck_on"],
                name="poster_recheck",
                condition=Q(state="posted"),
            ),
        ]

    def __str__(self) -> str:
        return f"poster {self.kind}/{self.edition} of place {self.place_id}"

    @property
    def tone(self) -> str:
        return PosterState(self.state).tone

    def is_due_on(self, today: date) -> bool:
        """Somebody should go and look whether it still hangs."""
        return self.recheck_on is not None and self.recheck_on <= today


class PosterStep(TransitionRow):
    subject = models.ForeignKey(Poster, on_delete=models.PROTECT, related_name="steps")

    class Meta(TransitionRow.Meta):
        pass


class PosterCheck(models.Model):
    """Somebody went and looked. `photo` where one was taken."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="+")
    poster = models.ForeignKey(Poster, on_delete=models.PROTECT, related_name="checks")
    result = models.CharField(max_length=10, choices=CheckResult)
    seen_on = models.DateField()
    note = models.CharField(max_length=300, blank=True)
    photo = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    form_key = models.UUIDField(unique=True, default=uuid.uuid4)
    checked_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["government", "id"], name="poster_check_in_government"),
        ]
        indexes = [models.Index(fields=["poster", "-id"], name="poster_check_list")]

    def __str__(self) -> str:
        return f"{self.result} of poster {self.poster_id}"

"""The register of predicates: awarded by the ministry, watched by the assessors, for ever on record.

A predicate belongs to a unit by its zone; it survives renames (`printed_name` says how the unit
was called) and mergers (the zone's handovers lead to whoever goes on).
"""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.enums import Predicate, PredicateState
from assessments.models.proposals import ZoneAttempt
from assessments.models.zones import IntegrityZone, assessed_units, inherited_zones
from integrity_portal.core.history import track
from integrity_portal.core.models import StoredFile, append_only
from opd.models import Government, Membership
from opd.permissions import sees_whole_government
from opd.transitions import TransitionRow


class ZonePredicateQuerySet(models.QuerySet["ZonePredicate"]):
    def visible_to(self, membership: Membership) -> "ZonePredicateQuerySet":
        """The whole register of the government, or what concerns the own branch and units that
        this person assesses."""
        rows = self.filter(government_id=membership.government_id)
        if sees_whole_government(membership):
            return rows
        own = Q(zone__unit__lineage__contains=[membership.unit_id])
        assessed = Q(zone__unit__in=assessed_units(membership))
        return rows.filter(own | assessed | Q(zone__in=inherited_zones(membership)))

    def in_force(self) -> "ZonePredicateQuerySet":
        return self.filter(state__in=[PredicateState.ACTIVE, PredicateState.WATCHED])

    def real(self) -> "ZonePredicateQuerySet":
        """Without entries that were struck as wrong."""
        return self.exclude(state=PredicateState.VOID)


@track(exclude=["reason"])
class ZonePredicate(models.Model):
    """A predicate that the ministry awarded: revocation is recorded, not removal."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="predicates")
    zone = models.ForeignKey(IntegrityZone, on_delete=models.PROTECT, related_name="predicates")
    # Empty for what was awarded before the portal kept the road to it.
    attempt = models.OneToOneField(
        ZoneAttempt,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="predicate_row",
    )
    predicate = models.CharField(max_length=4, choices=Predicate)
    year = models.PositiveSmallIntegerField()
    printed_name = models.CharField(max_length=150)
    decree_number = models.CharField(max_length=80, blank=True)
    source = models.CharField(max_length=150, blank=True)
    state = models.CharField(
        max_length=7, choices=PredicateState, default=PredicateState.ACTIVE, editable=False
    )
    revoked_on = models.DateField(null=True, blank=True)
    revocation_number = models.CharField(max_length=80, blank=True)
    # Why it is watched, was revoked or was struck.
    reason = models.TextField(blank=True)
    is_sample = models.BooleanField(default=False)

    objects = ZonePredicateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["government", "id"], name="predicate_in_government"),
            models.UniqueConstraint(
                fields=["zone", "predicate", "year"],
                condition=~Q(state="void"),
                name="zone_predicate_once",
            ),
            models.CheckConstraint(
                name="predicate_revoked_has_day",
                condition=Q(state="revoked", revoked_on__isnull=False)
                | ~Q(state="revoked") & Q(revoked_on=None),
            ),
            models.CheckConstraint(
                name="predicate_has_reason",
                condition=Q(state="active") | ~Q(reason=""),
                violation_error_message=_("Write the reason."),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="predicate_end_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__in=["void"]),
            ),
            pgtrigger.Protect(name="predicate_stays", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.predicate} {self.year}"

    @property
    def year_text(self) -> str:
        return str(self.year)

    @property
    def tone(self) -> str:
        return PredicateState(self.state).tone


class PredicateStep(TransitionRow):
    subject = models.ForeignKey(ZonePredicate, on_delete=models.PROTECT, related_name="steps")

    class Meta(TransitionRow.Meta):
        pass


class PredicateCheck(models.Model):
    """One round of monitoring a predicate: the points of the checklist and what was found."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    predicate = models.ForeignKey(ZonePredicate, on_delete=models.PROTECT, related_name="checks")
    checked_on = models.DateField()
    # Code and version of the checklist, then {point: answer}.
    checklist = models.CharField(max_length=40)
    answers = models.JSONField()
    note = models.TextField(blank=True)
    proof = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT)
    checked_by = models.ForeignKey(
        Membership, null=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField()
    is_sample = models.BooleanField(default=False)

    class Meta:
        triggers = [append_only("predicate_check_append_only")]

    def __str__(self) -> str:
        return f"check of predicate {self.predicate_id}"

    @property
    def concerns(self) -> int:
        return sum(answer == "concern" for answer in self.answers.values())

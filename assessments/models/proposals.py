"""The yearly proposal (pengusulan) of zones to the ministry, and each zone's attempts.

PermenPANRB 5/2024: one letter of the regional head proposes all units of a year.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assessments.enums import AttemptOutcome, Predicate, ProposalState
from assessments.models.zones import IntegrityZone
from integrity_portal.core.history import track
from opd.models import Government, Membership, Unit
from opd.transitions import TransitionRow


@track()
class Proposal(models.Model):
    """Gathers candidates while it is a draft; sent once, with its letter and its statement."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="proposals")
    year = models.PositiveSmallIntegerField()
    state = models.CharField(
        max_length=9, choices=ProposalState, default=ProposalState.DRAFT, editable=False
    )
    # The requirement set by which the candidates are judged; its hash is written on sending.
    rule_set = models.CharField(max_length=40)
    rule_set_sha256 = models.CharField(max_length=64, blank=True)
    sent_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()
    is_sample = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["government", "id"], name="proposal_in_government"),
            models.UniqueConstraint(
                fields=["government", "year"],
                condition=~Q(state="discarded"),
                name="proposal_one_per_year",
                violation_error_message=_("There is already a proposal for that year."),
            ),
            models.CheckConstraint(
                name="proposal_sent_is_complete",
                condition=Q(state="sent", sent_on__isnull=False) & ~Q(rule_set_sha256="")
                | ~Q(state="sent") & Q(sent_on=None, rule_set_sha256=""),
            ),
        ]

    def __str__(self) -> str:
        return f"proposal {self.year} of government {self.government_id}"

    @property
    def year_text(self) -> str:
        return str(self.year)


class ProposalStep(TransitionRow):
    subject = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="steps")

    class Meta(TransitionRow.Meta):
        pass


class Candidate(models.Model):
    """A zone that is to be proposed for its target."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="candidates")
    zone = models.ForeignKey(IntegrityZone, on_delete=models.PROTECT, related_name="candidacies")
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal", "zone"], name="candidate_once"),
        ]

    def __str__(self) -> str:
        return f"candidate zone {self.zone_id}"


@track(exclude=["reason"])
class RequirementException(models.Model):
    """A unit that may proceed while requirements are unmet (Stranas PK, PermenPANRB 5/2024).

    The requirement itself stays unmet; this says why and since when the unit goes on anyway.
    """

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="exceptions")
    rule_set = models.CharField(max_length=40)
    # The kind of service, by its code in the requirement set.
    service = models.CharField(max_length=40)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    reason = models.TextField()
    recorded_by = models.ForeignKey(
        Membership, null=True, on_delete=models.PROTECT, related_name="+"
    )
    is_sample = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "rule_set"],
                condition=Q(until=None),
                name="exception_one_open",
                violation_error_message=_("This unit already may proceed by an exception."),
            ),
            models.CheckConstraint(name="exception_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="exception_days_in_order",
                condition=Q(until=None) | Q(until__gte=F("since")),
            ),
        ]

    def __str__(self) -> str:
        return f"exception of unit {self.unit_id}"


@track(exclude=["reason"])
class ZoneAttempt(models.Model):
    """One run of a zone at its predicate. `findings` freezes how its requirements stood."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    zone = models.ForeignKey(IntegrityZone, on_delete=models.PROTECT, related_name="attempts")
    proposal = models.ForeignKey(
        Proposal, null=True, blank=True, on_delete=models.PROTECT, related_name="attempts"
    )
    number = models.PositiveSmallIntegerField()
    target = models.CharField(max_length=4, choices=Predicate)
    year = models.PositiveSmallIntegerField()
    proposed_on = models.DateField()
    findings = models.JSONField(default=list)
    # Why the unit could be proposed although not everything was met.
    exception = models.ForeignKey(
        RequirementException,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="attempts",
    )
    # The attempt of a unit that was taken over while it waited for the decision.
    carried_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="carried_to"
    )
    outcome = models.CharField(
        max_length=11, choices=AttemptOutcome, default=AttemptOutcome.PENDING
    )
    decided_on = models.DateField(null=True, blank=True)
    # The ministry's decree, or the letter that says why not.
    decree_number = models.CharField(max_length=80, blank=True)
    reason = models.TextField(blank=True)
    is_sample = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["zone", "number"], name="attempt_number_once"),
            models.UniqueConstraint(
                fields=["zone"],
                condition=Q(outcome="pending"),
                name="attempt_one_pending",
                violation_error_message=_("This unit is already being reviewed."),
            ),
            models.CheckConstraint(
                name="attempt_decided_has_day",
                condition=Q(outcome="pending", decided_on=None)
                | ~Q(outcome="pending") & Q(decided_on__isnull=False),
            ),
            models.CheckConstraint(
                name="attempt_failed_has_reason",
                condition=~Q(outcome__in=["not_awarded", "dropped"]) | ~Q(reason=""),
                violation_error_message=_("Write why the unit was not awarded."),
            ),
            models.CheckConstraint(
                name="attempt_days_in_order",
                condition=Q(decided_on=None) | Q(decided_on__gte=F("proposed_on")),
                violation_error_message=_("The decision lies before the proposal."),
            ),
        ]

    def __str__(self) -> str:
        return f"attempt {self.number} of zone {self.zone_id}"

    @property
    def tone(self) -> str:
        return AttemptOutcome(self.outcome).tone

    @property
    def year_text(self) -> str:
        return str(self.year)

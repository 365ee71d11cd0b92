"""Choosing pilots: a round with its candidates, their scores, and what the meeting decided.

Once a round is decided, nothing of it changes any more: triggers hold candidates, scores and the
round itself. A correction is a further decision with its reason.
"""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.enums import PilotRoundState
from integrity_portal.core.history import track
from integrity_portal.core.models import append_only
from integrity_portal.core.partial_dates import PartialDate, Precision
from opd.models import Government, Membership, Unit
from opd.transitions import TransitionRow


def _open_only(name: str) -> pgtrigger.Trigger:
    """Rows of a round can be written only while it is open."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("of_round", "bigint")],
        func="""
            IF TG_OP = 'DELETE' THEN of_round := OLD.round_id; ELSE of_round := NEW.round_id; END IF;
            IF EXISTS (
                SELECT 1 FROM assessments_pilotround WHERE id = of_round AND state <> 'open'
            ) THEN
                RAISE EXCEPTION 'this choice of pilots is closed';
            END IF;
            IF TG_OP = 'UPDATE' AND OLD.round_id <> NEW.round_id THEN
                RAISE EXCEPTION 'rows stay with their choice of pilots';
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )


@track(exclude=["title"])
class PilotRound(models.Model):
    """`factor_set` with its hash: by what was scored. `scored` is False where a decision of the
    past is recorded whose scores nobody knows."""

    government = models.ForeignKey(
        Government, on_delete=models.PROTECT, related_name="pilot_rounds"
    )
    title = models.CharField(max_length=200)
    year = models.PositiveSmallIntegerField()
    factor_set = models.CharField(max_length=40)
    factor_set_sha256 = models.CharField(max_length=64)
    scored = models.BooleanField(default=True)
    state = models.CharField(
        max_length=9, choices=PilotRoundState, default=PilotRoundState.OPEN, editable=False
    )
    form_key = models.UUIDField(unique=True)
    opened_by = models.ForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    is_sample = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["government", "id"], name="pilot_round_in_government"),
            models.CheckConstraint(
                name="pilot_round_has_title",
                condition=~Q(title=""),
                violation_error_message=_("Give the choice of pilots a title."),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="pilot_round_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=~pgtrigger.Q(old__state="open"),
            )
        ]

    def __str__(self) -> str:
        return f"choice of pilots {self.pk} ({self.year})"

    @property
    def is_open(self) -> bool:
        return self.state == PilotRoundState.OPEN

    @property
    def year_text(self) -> str:
        return str(self.year)


class PilotRoundStep(TransitionRow):
    subject = models.ForeignKey(PilotRound, on_delete=models.PROTECT, related_name="steps")

    class Meta(TransitionRow.Meta):
        pass


class PilotCandidate(models.Model):
    """A unit that could be chosen, under the name it had then."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    round = models.ForeignKey(PilotRound, on_delete=models.PROTECT, related_name="candidates")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    printed_name = models.CharField(max_length=150)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "unit"], name="pilot_candidate_once")
        ]
        triggers = [_open_only("pilot_candidate_open_only")]

    def __str__(self) -> str:
        return f"unit {self.unit_id} in round {self.round_id}"


@track(exclude=["note"])
class PilotScore(models.Model):
    """1 to 5, or nothing: an emptied score is no zero."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    round = models.ForeignKey(PilotRound, on_delete=models.PROTECT, related_name="scores")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    factor = models.CharField(max_length=40)
    value = models.PositiveSmallIntegerField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)
    scored_by = models.ForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+")
    scored_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "unit", "factor"], name="pilot_score_once"),
            models.CheckConstraint(
                name="pilot_score_on_scale",
                condition=Q(value=None) | Q(value__gte=1, value__lte=5),
                violation_error_message=_("A score is a whole number from 1 to 5."),
            ),
        ]
        triggers = [_open_only("pilot_score_open_only")]

    def __str__(self) -> str:
        return f"{self.factor} of unit {self.unit_id} in round {self.round_id}"


class PilotDecision(models.Model):
    """What the meeting decided. Number 1 closes the round; later ones correct it with a reason."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    round = models.ForeignKey(PilotRound, on_delete=models.PROTECT, related_name="decisions")
    number = models.PositiveSmallIntegerField()
    decree_number = models.CharField(max_length=80, blank=True)
    decided_on = models.DateField()
    decided_on_precision = models.CharField(max_length=5, choices=Precision, default=Precision.DAY)
    # Why units were chosen that the order does not put first.
    against_reason = models.TextField(blank=True)
    # Why an earlier decision is corrected.
    reason = models.TextField(blank=True)
    statement = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=200, blank=True)
    recorded_by = models.ForeignKey(
        Membership, null=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="pilot_decision_number_once"),
            models.CheckConstraint(
                name="pilot_correction_has_reason",
                condition=Q(number=1) | ~Q(reason=""),
                violation_error_message=_("Write the reason of the correction."),
            ),
        ]
        triggers = [append_only("pilot_decision_append_only")]

    def __str__(self) -> str:
        return f"decision {self.number} of round {self.round_id}"

    @property
    def decided(self) -> PartialDate:
        return PartialDate(self.decided_on, self.decided_on_precision)


class ChosenUnit(models.Model):
    """A unit that a decision chose, with its place in the order then (none: not placed)."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    decision = models.ForeignKey(PilotDecision, on_delete=models.PROTECT, related_name="units")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    printed_name = models.CharField(max_length=150)
    place = models.PositiveSmallIntegerField(null=True, blank=True)
    is_against = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "unit"], name="pilot_chosen_once")
        ]
        triggers = [append_only("pilot_chosen_append_only")]

    def __str__(self) -> str:
        return f"unit {self.unit_id} by decision {self.decision_id}"

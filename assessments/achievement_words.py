"""What stands beside a percentage of achievement: each note in one sentence."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessments.achievement import Note

NOTES: Mapping[Note, Promise] = {
    Note.NO_TARGET: _("There is no target."),
    Note.NO_FIGURE: _("Nothing was reported. Empty is not zero."),
    Note.NO_CASES: _("There were no cases, so there is no ratio."),
    Note.NO_WHOLE: _("The denominator is 0 though the numerator is not: check both."),
    Note.ZERO_TARGET: _(
        "A target of 0 is either reached and counts in full, or it counts as nothing."
    ),
    Note.FLOOR: _("More than twice the target: counted as 0 and not below."),
    Note.NEGATIVE: _("A negative realisation of a positive target counts as 0."),
    Note.NEGATIVE_BETTER: _(
        "Below zero where lower is better: the achievement is above 200 percent."
    ),
    Note.MANUAL_NEEDED: _("A negative target has no formula: enter the percentage and a reason."),
    Note.MANUAL: _("The percentage was entered by hand, because the target is negative."),
    Note.MANUAL_UNUSED: _("A percentage entered by hand is not used where there is a formula."),
    Note.NOT_DUE: _("Not done yet, and not due yet."),
    Note.LATE: _("Done, but after the day on which it was due."),
    Note.OVERDUE: _("Not done, and the day on which it was due has passed."),
    Note.NO_DAY: _("Reported as done without a day: enter the day."),
    Note.CAPPED: _("Above the cap: the cap is what counts."),
}

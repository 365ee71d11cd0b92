"""A forecast in one sentence with its numbers; `unit` is the unit of measure as people write it."""

from collections.abc import Mapping
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from assessments.achievement import Aim, Direction, Shape
from assessments.enums import MeasurementState
from assessments.forecast import Forecast, Outlook, Reason
from integrity_portal.core.formatting import date_id, half_up, number_id

# More digits than this tell nobody anything.
MOST_PLACES = 6

# How the end is known; the target follows.
LEADS: Mapping[Reason, Promise] = {
    Reason.MET: gettext_lazy("It ended at %(expected)s"),
    Reason.MISSED: gettext_lazy("It ended at %(expected)s"),
    Reason.PACE: gettext_lazy("At this pace the year ends at %(expected)s"),
    Reason.PACE_OF_SOME: gettext_lazy(
        "At the pace of the quarters that were reported the year ends at %(expected)s"
    ),
    Reason.TREND: gettext_lazy("If it goes on like this the year ends at %(expected)s"),
    Reason.STAYS: gettext_lazy("If it stays like this the year ends at %(expected)s"),
    Reason.BY_TARGETS: gettext_lazy(
        "Measured against the targets of the quarters the year ends at %(expected)s"
    ),
    Reason.AVERAGE: gettext_lazy("With the average so far the year ends at %(expected)s"),
    Reason.PLAN_TREND: gettext_lazy(
        "At the pace of the years so far the plan ends at %(expected)s"
    ),
    Reason.ALREADY_TOO_HIGH: gettext_lazy(
        "The limit is already passed and the year ends at about %(expected)s"
    ),
}
WHOLE: Mapping[Reason, Promise] = {
    Reason.NO_TARGET: gettext_lazy("There is no target."),
    Reason.NOTHING_YET: gettext_lazy("Nothing was reported for this year yet."),
    Reason.NO_VALUE: gettext_lazy(
        "What was reported makes no figure: there were no cases, or a count is missing."
    ),
    Reason.ENTERED_AT_END: gettext_lazy(
        "The figure of the year is entered at its end and cannot be foreseen."
    ),
    Reason.NEGATIVE_TARGET: gettext_lazy(
        "%(expected)s against a target of %(target)s: a negative target has no formula, so a "
        "planner says how much was reached."
    ),
    Reason.ALREADY_REACHED: gettext_lazy(
        "The target of %(target)s is already reached; at this pace the year ends at %(expected)s."
    ),
    Reason.ONE_QUARTER: gettext_lazy(
        "One figure far from the end of last year shows no pace; targets of the quarters would."
    ),
    Reason.PLAN_OVER: gettext_lazy("The plan is over and its last year has no verified figure."),
    Reason.ONE_YEAR: gettext_lazy("The figure of one year alone shows no pace."),
    Reason.NO_YEAR: gettext_lazy("No year of the plan has a figure yet."),
    Reason.NO_PACE: gettext_lazy("A target of this kind has no pace."),
    Reason.AS_TARGETED: gettext_lazy("The target is already reached."),
    Reason.NOT_AS_TARGETED: gettext_lazy("The target was not reached."),
    Reason.SO_FAR_AS_TARGETED: gettext_lazy("So far it is as the target asks."),
    Reason.NOT_YET_AS_TARGETED: gettext_lazy(
        "It is not yet as the target asks, and the year is not over."
    ),
    Reason.DONE: gettext_lazy("It was done in time, by %(due)s."),
    Reason.DONE_LATE: gettext_lazy("It was done, but after %(due)s."),
    Reason.DUE_PASSED: gettext_lazy("It was due on %(due)s and is not done."),
    Reason.DUE_UNREPORTED: gettext_lazy("It was due on %(due)s and nothing was reported."),
    Reason.NOT_DUE: gettext_lazy("It is not done yet; it is due on %(due)s."),
    Reason.NO_DAY: gettext_lazy("It is done, but nobody said on which day; it was due by %(due)s."),
}


def sentence(
    forecast: Forecast, aim: Aim | None, *, unit: str = "", states: Mapping[int, str] | None = None
) -> str:
    """What to expect and why; further sentences name the quarters that are not there.

    `states`: of quarters that do not count yet the state of their report.
    """
    said = [_said(forecast, aim, unit)]
    if forecast.expected is None:
        return said[0]
    standing = states or {}
    waiting = [n for n in forecast.unreported if standing.get(n) == MeasurementState.SUBMITTED]
    returned = [n for n in forecast.unreported if standing.get(n) == MeasurementState.RETURNED]
    silent = [n for n in forecast.unreported if n not in (*waiting, *returned)]
    if waiting:
        words = ngettext(
            "Quarter %(quarters)s waits for verification.",
            "Quarters %(quarters)s wait for verification.",
            len(waiting),
        )
        said.append(words % {"quarters": _named(waiting)})
    if returned:
        words = ngettext(
            "Quarter %(quarters)s was returned to the unit.",
            "Quarters %(quarters)s were returned to the unit.",
            len(returned),
        )
        said.append(words % {"quarters": _named(returned)})
    if silent:
        words = ngettext(
            "Quarter %(quarters)s was not reported.",
            "Quarters %(quarters)s were not reported.",
            len(silent),
        )
        said.append(words % {"quarters": _named(silent)})
    return " ".join(said)


def _named(quarters: list[int]) -> str:
    glue = ", " if len(quarters) > 2 else _(" and ")
    return glue.join(str(quarter) for quarter in quarters)


def _said(forecast: Forecast, aim: Aim | None, unit: str) -> str:
    values = _values(forecast, aim, unit)
    if forecast.reason in WHOLE:
        return str(WHOLE[forecast.reason]) % values
    lead = str(LEADS[forecast.reason]) % values
    if forecast.outlook in (Outlook.REACHED, Outlook.ON_TRACK):
        tail = _("%(lead)s; that reaches the target of %(target)s.")
    elif aim is not None and aim.direction is Direction.LOWER:
        tail = _("%(lead)s; the target is %(target)s, %(gap)s too high.")
    else:
        tail = _("%(lead)s; the target is %(target)s, %(gap)s short.")
    return tail % {**values, "lead": lead}


def _values(forecast: Forecast, aim: Aim | None, unit: str) -> dict[str, str]:
    due = date_id(aim.due if aim else None)
    if aim is None or aim.low is None or forecast.expected is None:
        return {"due": due}
    gap = forecast.gap or Decimal(0)
    bounds = [bound for bound in (aim.low, _high(aim)) if bound is not None]
    nearest = aim.bound(forecast.expected)
    nearest = bounds[0] if nearest is None else nearest
    own = _own_places(bounds)
    places = _places(own, nearest, forecast.expected, gap)
    aimed = own if own == places or half_up(nearest, own) == half_up(nearest, places) else places
    # The gap between the numbers that are shown, or people reckon after us and find a mistake.
    shown = abs(half_up(nearest, places) - half_up(forecast.expected, places))
    return {
        "due": due,
        "expected": _with_unit(number_id(forecast.expected, places), unit),
        "target": _with_unit("–".join(number_id(bound, aimed) for bound in bounds), unit),
        "gap": _with_unit(number_id(shown, places), unit),
    }


def _high(aim: Aim) -> Decimal | None:
    return aim.high if aim.shape is Shape.RANGE else None


def _own_places(bounds: list[Decimal]) -> int:
    return min(MOST_PLACES, max(_decimals(bound) for bound in bounds))


def _places(own: int, nearest: Decimal, expected: Decimal, gap: Decimal) -> int:
    """As fine as the target is written, one finer where that hides something, and finer still while
    a gap would not show.
    """
    places = own
    if places < MOST_PLACES and half_up(expected, places) != expected:
        places += 1
    while gap > 0 and places < MOST_PLACES:
        if half_up(nearest, places) != half_up(expected, places):
            break
        places += 1
    return places


def _decimals(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _with_unit(text: str, unit: str) -> str:
    return f"{text}\u00a0{unit}" if unit else text

"""Realisations: entered by the unit, sent, verified or returned by a planner, unlocked singly."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments import measurement_news as news
from assessments.achievement import ratio
from assessments.editing import Conflict, attach, write
from assessments.enums import WRITABLE_STATES, Consolidation, MeasurementState, PlanState, Shape
from assessments.models import Indicator, Measurement, MeasurementFile
from assessments.models.indicators import QUARTERS, WHOLE_YEAR
from assessments.permissions import is_another_person, keeps_rpjmd, may_measure, may_withdraw
from assessments.queries.performance import needs_manual
from assessments.workflow import MEASUREMENT
from integrity_portal.core import ledger
from integrity_portal.core.models import StoredFile
from opd.models import Membership
from opd.transitions import Missing, StepRefused, perform


@dataclass(frozen=True)
class Realised:
    """What a unit writes about a quarter. All figures None: not reported; zero is a value.

    Words and `is_final` that are None stay as they stand.
    """

    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    done_on: date | None = None
    is_final: bool | None = None
    obstacle: str | None = None
    follow_up: str | None = None
    follow_up_by: str | None = None
    follow_up_due: date | None = None

    def columns(self, indicator: Indicator) -> dict[str, Any]:
        rows = {name: value for name, value in vars(self).items() if value is not None}
        for name in ("value", "numerator", "denominator", "done_on"):
            rows[name] = getattr(self, name)
        if indicator.factor is not None and None not in (self.numerator, self.denominator):
            rows["value"] = _computed(self, indicator.factor)
        return rows


@dataclass(frozen=True)
class Kept:
    measurement: Measurement
    changed: bool


class FigureRefused(StepRefused):
    """The sentence belongs to this field of the form."""

    def __init__(self, field_name: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field_name


@transaction.atomic
def save_measurement(
    *,
    indicator: Indicator,
    year: int,
    quarter: int,
    realised: Realised,
    version: int,
    by: Membership,
    now: datetime,
    files: Sequence[StoredFile] = (),
) -> Kept:
    """Write over the version that the person saw (0: nothing stood there).

    Raises Conflict, FigureRefused naming the field, PermissionDenied, StepRefused when the quarter
    has not begun, the plan is closed or the value is locked.
    """
    row = _held(indicator, by)
    _refuse_period(row, year, quarter, timezone.localdate(now))
    _refuse_figure(row, realised)
    standing = _standing(row, year, quarter)
    if standing is None:
        if version:
            raise StepRefused(_("This value no longer stands there. Reload the page."))
        if not _has_content(realised) and not files:
            return Kept(_blank(row, year, quarter, by, now), changed=False)
        standing = _create(row, year, quarter, by, now)
        version = standing.version
    wanted = realised.columns(row)
    if standing.state not in WRITABLE_STATES:
        if all(getattr(standing, name) == value for name, value in wanted.items()):
            return Kept(standing, changed=False)
        raise StepRefused(_locked_sentence(standing))
    changed = write(standing, wanted, version, also={"entered_by": by, "entered_at": now})
    added = attach(MeasurementFile, "measurement", standing, files)
    if changed or added:
        codes: dict[str, ledger.Code] = {"year": year, "quarter": quarter, "files": added}
        ledger.record("measurement.saved", standing, by=by, codes=codes)
    return Kept(standing, changed=bool(changed or added))


@transaction.atomic
def send_measurements(
    *, rows: Iterable[Measurement], by: Membership, now: datetime
) -> list[Measurement]:
    """Send what is filled to the planners; what is empty stays where it is.

    Raises PermissionDenied, StepRefused when one of them cannot be sent.
    """
    sent = []
    for each in _in_order(rows):
        row = _held_measurement(each, by)
        if row.state not in WRITABLE_STATES or not row.says_something:
            continue
        values = {"submitted_by": by, "submitted_at": now, "decided_by": None, "decided_at": None}
        checks = {"figure": _missing_figure}
        sent.append(_step("send", row, by, now, values=values, checks=checks))
    news.tell_sent(rows=sent, now=now)
    return sent


@transaction.atomic
def withdraw_measurement(*, measurement: Measurement, by: Membership, now: datetime) -> Measurement:
    """Take back what no planner has decided yet. Raises PermissionDenied, StepRefused."""
    row = _held_measurement(measurement, by)
    if row.state == MeasurementState.DRAFT:
        return row
    if not may_withdraw(by, row):
        raise PermissionDenied(_("Who sent it takes it back; a planner returns it."))
    values = {"submitted_by": None, "submitted_at": None}
    done = _step("withdraw", row, by, now, values=values)
    news.settle(rows=[done], now=now)
    return done


@dataclass(frozen=True)
class Judged:
    """Where the formula says nothing (a target below zero): the planner's percentage and why."""

    percent: Decimal | None = None
    reason: str = ""


@transaction.atomic
def verify_measurement(
    *,
    measurement: Measurement,
    shown: int,
    by: Membership,
    now: datetime,
    judged: Judged | None = None,
) -> Measurement:
    """Verify what the planner was `shown` (its version) and lock it; nobody verifies his own.

    Raises PermissionDenied, Conflict when something else stands there now, StepRefused.
    """
    row = _decidable(measurement, by)
    if row.state == MeasurementState.VERIFIED and row.decided_by_id == by.pk:
        return row
    if row.version != shown:
        raise Conflict(row)
    judged = judged or Judged(row.manual_percent, row.manual_reason)
    needed = needs_manual(row)
    if needed and judged.percent is not None and not judged.reason.strip():
        raise StepRefused(_("Write how the achievement was determined."))
    values = {
        "decided_by": by,
        "decided_at": now,
        "message": "",
        "manual_percent": judged.percent if needed else None,
        "manual_reason": judged.reason.strip() if needed and judged.percent is not None else "",
    }

    def missing(_row: Measurement) -> Iterable[Missing]:
        if needed and judged.percent is None:
            yield Missing(
                _("The target lies below zero: enter the achievement and how it was determined."),
                f"manual-{row.pk}",
            )

    done = _step("verify", row, by, now, values=values, checks={"achievement": missing})
    news.settle(rows=[done], now=now)
    return done


@transaction.atomic
def verify_measurements(
    *, shown: Sequence[tuple[Measurement, int]], by: Membership, now: datetime
) -> list[Measurement]:
    """Many at once, each through the door of the single one; all or none.

    Raises what `verify_measurement` raises.
    """
    versions = {row.pk: version for row, version in shown}
    return [
        verify_measurement(measurement=row, shown=versions[row.pk], by=by, now=now)
        for row in _in_order(row for row, _version in shown)
    ]


@transaction.atomic
def return_measurement(
    *, measurement: Measurement, shown: int, message: str, by: Membership, now: datetime
) -> Measurement:
    """Send it back with what must be put right. Raises Conflict, PermissionDenied, StepRefused."""
    row = _decidable(measurement, by)
    if row.version != shown:
        raise Conflict(row)
    if not message.strip():
        raise StepRefused(_("Write what must be put right."))
    values = {"decided_by": by, "decided_at": now, "message": message.strip()}
    checks = {"message": _nothing_missing}
    done = _step("return", row, by, now, note=message.strip(), values=values, checks=checks)
    news.tell_returned(rows=[done], now=now)
    return done


@transaction.atomic
def unlock_measurement(
    *, measurement: Measurement, reason: str, by: Membership, now: datetime
) -> Measurement:
    """Open one verified value again; what stood there stays in its history.

    Raises PermissionDenied, StepRefused without a reason.
    """
    row = _held_measurement(measurement, by)
    if not keeps_rpjmd(by):
        raise PermissionDenied(_("Only planners unlock a value."))
    if not reason.strip():
        raise StepRefused(_("Write why the value is unlocked."))
    values = {
        "submitted_by": None,
        "submitted_at": None,
        "decided_by": None,
        "decided_at": None,
        "message": reason.strip(),
        "manual_percent": None,
        "manual_reason": "",
    }
    checks = {"reason": _nothing_missing}
    done = _step("unlock", row, by, now, note=reason.strip(), values=values, checks=checks)
    news.tell_unlocked(rows=[done], now=now)
    return done


# --- the door ---


def _step(
    name: str,
    row: Measurement,
    by: Membership,
    now: datetime,
    *,
    values: dict[str, Any],
    checks: dict[str, Any] | None = None,
    note: str = "",
) -> Measurement:
    """Each step keeps the figures as they stood, and counts as a change of the row."""
    there = {each: getattr(row, each) for each in FIGURES}
    version = {"version": row.version + 1}
    return perform(
        MEASUREMENT,
        name,
        row,
        by=by,
        now=now,
        note=note,
        checks=checks,
        values={**values, **version},
        step_values=there,
    )


FIGURES = ("value", "numerator", "denominator", "done_on", "is_final")


def _in_order(rows: Iterable[Measurement]) -> list[Measurement]:
    """Always locked in the order of their keys: two people with lists never wait for each other."""
    return sorted(rows, key=lambda row: (row.indicator_id, row.pk))


def _held(indicator: Indicator, by: Membership) -> Indicator:
    """The indicator under a lock, for somebody who may measure it."""
    rows = Indicator.objects.select_for_update(of=("self",), no_key=True)
    row = rows.select_related("unit", "node__plan").get(pk=indicator.pk)
    if not may_measure(by, row.unit, row.government_id):
        raise PermissionDenied(_("Only the responsible unit and the planners report this figure."))
    if row.node.plan.state != PlanState.IN_FORCE:
        raise StepRefused(_("This plan is not in force; nothing is reported into it."))
    return row


def _held_measurement(measurement: Measurement, by: Membership) -> Measurement:
    indicator = _held(measurement.indicator, by)
    rows = Measurement.objects.select_for_update(of=("self",), no_key=True)
    row = rows.select_related("submitted_by").get(pk=measurement.pk)
    row.indicator = indicator
    return row


def _decidable(measurement: Measurement, by: Membership) -> Measurement:
    row = _held_measurement(measurement, by)
    if not keeps_rpjmd(by):
        raise PermissionDenied(_("Only planners verify figures."))
    if row.submitted_by is not None and not is_another_person(by, row.submitted_by):
        raise StepRefused(_("You sent this figure yourself; another planner must verify it."))
    return row


def _standing(indicator: Indicator, year: int, quarter: int) -> Measurement | None:
    rows = indicator.measurements.select_for_update(of=("self",), no_key=True)
    return rows.filter(year=year, quarter=quarter).first()


def _blank(
    indicator: Indicator, year: int, quarter: int, by: Membership, now: datetime
) -> Measurement:
    return Measurement(
        government_id=indicator.government_id,
        indicator=indicator,
        year=year,
        quarter=quarter,
        entered_by=by,
        entered_at=now,
        version=0,
        is_sample=indicator.is_sample,
    )


def _create(
    indicator: Indicator, year: int, quarter: int, by: Membership, now: datetime
) -> Measurement:
    row = _blank(indicator, year, quarter, by, now)
    row.version = 1
    row.save()
    return row


def _has_content(realised: Realised) -> bool:
    return any(
        value not in (None, "") for name, value in vars(realised).items() if name != "is_final"
    )


def _refuse_period(indicator: Indicator, year: int, quarter: int, today: date) -> None:
    """Years of the plan and the years before it (where it starts from), never a time to come."""
    plan = indicator.node.plan
    if quarter not in (WHOLE_YEAR, *QUARTERS) or not plan.first_year - 10 <= year <= plan.last_year:
        raise StepRefused(_("Choose a quarter of the plan, %(years)s.") % {"years": plan.years})
    begins = date(year, 3 * (quarter or 1) - 2, 1)
    if begins > today:
        raise StepRefused(_("This quarter has not begun yet."))
    if quarter and indicator.consolidation == Consolidation.MANUAL:
        raise StepRefused(_("This indicator is entered once for the whole year."))


def _refuse_figure(indicator: Indicator, said: Realised) -> None:
    if indicator.shape == Shape.DATE:
        _refuse_if(said.value not in (None, 0), "value", _("Enter the day on which it was done."))
        return
    _refuse_if(said.done_on is not None, "done_on", _("Enter a number."))
    if indicator.shape == Shape.YES_NO:
        _refuse_if(said.value not in (None, 0, 1), "value", _("Choose yes or no."))
    if indicator.factor is None:
        return
    pair = (said.numerator, said.denominator)
    _refuse_if(
        (pair[0] is None) != (pair[1] is None), "denominator", _("Enter both numbers of the ratio.")
    )
    _refuse_if(
        said.denominator is not None and said.denominator < 0,
        "denominator",
        _("What is divided by cannot lie below zero."),
    )


def _refuse_if(wrong: bool, name: str, sentence: str) -> None:
    if wrong:
        raise FigureRefused(name, sentence)


def _computed(said: Realised, factor: Decimal) -> Decimal | None:
    """Rounded as the column keeps it; the counts beside it stay exact."""
    value = ratio(said.numerator, said.denominator, factor)
    return None if value is None else value.quantize(Decimal("0.000001"))


def _locked_sentence(row: Measurement) -> str:
    if row.state == MeasurementState.SUBMITTED:
        return _("This value waits for the planner; take it back to change it.")
    return _("This value is verified and locked; ask the planner to unlock it.")


def _missing_figure(row: Measurement) -> Iterable[Missing]:
    if not row.says_something:
        yield Missing(_("Enter the realisation first; zero is a value."), f"figure-{row.pk}")


def _nothing_missing(_row: Measurement) -> Iterable[Missing]:
    return ()

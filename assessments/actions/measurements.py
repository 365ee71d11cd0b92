"""Realisations: entered by the unit, sent, verified or returned by a planner, unlocked singly."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments import measurement_news as news
from assessments.editing import Conflict, attach, write
from assessments.enums import WRITABLE_STATES, MeasurementState, PlanState
from assessments.measurement_rules import (
    FigureRefused,
    Judged,
    Realised,
    refuse_figure,
    refuse_judged,
    refuse_period,
)
from assessments.models import Indicator, Measurement, MeasurementFile
from assessments.permissions import is_another_person, keeps_rpjmd, may_measure, may_withdraw
from assessments.queries.performance import needs_manual
from assessments.workflow import MEASUREMENT
from integrity_portal.core import ledger
from integrity_portal.core.models import StoredFile
from opd.models import Membership
from opd.transitions import Missing, StepRefused, perform

__all__ = [
    "FigureRefused",
    "Judged",
    "Kept",
    "Realised",
    "return_measurement",
    "save_measurement",
    "send_measurements",
    "unlock_measurement",
    "verify_measurement",
    "verify_measurements",
    "withdraw_measurement",
]


@dataclass(frozen=True)
class Kept:
    measurement: Measurement
    changed: bool


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
    today = timezone.localdate(now)
    refuse_period(row, year, quarter, today)
    refuse_figure(row, realised, today)
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
        same = all(getattr(standing, name) == value for name, value in wanted.items())
        if same and not files:
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
    done = _verify(measurement, shown, by, now, judged)
    news.settle(rows=[done], now=now)
    return done


def _verify(
    measurement: Measurement, shown: int, by: Membership, now: datetime, judged: Judged | None
) -> Measurement:
    row = _decidable(measurement, by)
    if row.state == MeasurementState.VERIFIED and row.decided_by_id == by.pk:
        return row
    if row.version != shown:
        raise Conflict(row)
    if not is_another_person(by, row.entered_by):
        raise StepRefused(_("You wrote this figure yourself; another planner must verify it."))
    judged = judged or Judged(row.manual_percent, row.manual_reason)
    needed = needs_manual(row)
    if needed:
        refuse_judged(judged)
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

    return _step("verify", row, by, now, values=values, checks={"achievement": missing})


@transaction.atomic
def verify_measurements(
    *, shown: Sequence[tuple[Measurement, int]], by: Membership, now: datetime
) -> list[Measurement]:
    """Many at once, each through the door of the single one; all or none.

    Raises what `verify_measurement` raises.
    """
    versions = {row.pk: version for row, version in shown}
    rows = _in_order(row for row, _version in shown)
    done = [_verify(row, versions[row.pk], by, now, None) for row in rows]
    news.settle(rows=done, now=now)
    return done


@transaction.atomic
def return_measurement(
    *, measurement: Measurement, shown: int, message: str, by: Membership, now: datetime
) -> Measurement:
    """Send it back with what must be put right. Raises Conflict, PermissionDenied, StepRefused."""
    row = _decidable(measurement, by)
    message = message.strip()
    is_again = row.state == MeasurementState.RETURNED and row.decided_by_id == by.pk
    if is_again and row.message == message:
        return row
    if row.version != shown:
        raise Conflict(row)
    if not message:
        raise StepRefused(_("Write what must be put right."))
    values = {"decided_by": by, "decided_at": now, "message": message}
    checks = {"message": _nothing_missing}
    done = _step("return", row, by, now, note=message, values=values, checks=checks)
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
    reason = reason.strip()
    if not reason:
        raise StepRefused(_("Write why the value is unlocked."))
    if row.state == MeasurementState.DRAFT and row.message == reason:
        return row
    values = {
        "submitted_by": None,
        "submitted_at": None,
        "decided_by": None,
        "decided_at": None,
        "message": reason,
        "manual_percent": None,
        "manual_reason": "",
    }
    checks = {"reason": _nothing_missing}
    done = _step("unlock", row, by, now, note=reason, values=values, checks=checks)
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
    done = perform(
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
    done.indicator = row.indicator
    return done


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
    row = rows.select_related("submitted_by", "entered_by").get(pk=measurement.pk)
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


def _locked_sentence(row: Measurement) -> str:
    if row.state == MeasurementState.SUBMITTED:
        return _("This value waits for the planner; take it back to change it.")
    return _("This value is verified and locked; ask the planner to unlock it.")


def _missing_figure(row: Measurement) -> Iterable[Missing]:
    if not row.says_something:
        yield Missing(_("Enter the realisation first; zero is a value."), f"figure-{row.pk}")


def _nothing_missing(_row: Measurement) -> Iterable[Missing]:
    return ()

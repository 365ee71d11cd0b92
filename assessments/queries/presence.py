"""Whether units existed on the day of an act, and who took over those that did not."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta

from django.utils.translation import gettext as _

from integrity_portal.core.formatting import date_id, partial_date
from integrity_portal.core.partial_dates import PartialDate, Precision
from opd.models import Unit, UnitSuccession


def last_day(known: PartialDate) -> date:
    """The last day that a date known to the day, the month or the year can mean."""
    if known.precision == Precision.YEAR:
        return date(known.date.year, 12, 31)
    if known.precision == Precision.MONTH:
        return known.date.replace(day=monthrange(known.date.year, known.date.month)[1])
    return known.date


def first_day(known: PartialDate) -> date:
    if known.precision == Precision.YEAR:
        return known.date.replace(month=1, day=1)
    return known.date.replace(day=1) if known.precision == Precision.MONTH else known.date


def existed(unit: Unit, known: PartialDate) -> bool:
    """On at least one of the days that `known` can mean."""
    return not _ended_before(unit, known) and not (
        unit.active_from is not None and unit.active_from > last_day(known)
    )


def absent_sentences(units: Iterable[Unit], known: PartialDate | None) -> list[str]:
    """One sentence per unit that was not there on that day; no query while all were."""
    if known is None:
        return []
    return [_sentence(unit, known) for unit in units if not existed(unit, known)]


def _ended_before(unit: Unit, known: PartialDate) -> bool:
    return unit.active_to is not None and unit.active_to < first_day(known)


def _sentence(unit: Unit, known: PartialDate) -> str:
    words = {"unit": unit.name, "held": partial_date(known)}
    if not _ended_before(unit, known):
        words["day"] = date_id(unit.active_from)
        return (
            _(
                "%(unit)s exists since %(day)s; on the day of this act (%(held)s) it did not "
                "exist yet. Choose the unit that existed then."
            )
            % words
        )
    words["day"] = date_id(unit.active_to)
    heirs = _heirs(unit, known)
    if not heirs:
        return (
            _(
                "%(unit)s ended on %(day)s; on the day of this act (%(held)s) it no longer "
                "existed. Take it off the list."
            )
            % words
        )
    words["heirs"] = ", ".join(heir.name for heir in heirs)
    return (
        _(
            "%(unit)s ended on %(day)s; on the day of this act (%(held)s) it no longer existed. "
            "It was taken over by %(heirs)s: choose that unit instead."
        )
        % words
    )


def _heirs(unit: Unit, known: PartialDate) -> list[Unit]:
    """Who went on for the unit, through those that had ended themselves by that day."""
    found: dict[int, Unit] = {}
    seen: set[int] = set()
    waiting = [unit]
    while waiting:
        ended = waiting.pop()
        seen.add(ended.pk)
        for heir in _next(ended):
            if heir.pk in seen:
                continue
            if _ended_before(heir, known):
                waiting.append(heir)
            else:
                found[heir.pk] = heir
    return list(found.values())


def _next(unit: Unit) -> list[Unit]:
    """Not those who took a part from it while it went on."""
    if unit.active_to is None:
        return []
    rows = UnitSuccession.objects.filter(
        predecessor=unit, happened_on=unit.active_to + timedelta(days=1)
    )
    return [row.successor for row in rows.select_related("successor").order_by("pk")]

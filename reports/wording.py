"""One sentence before any number: the same words on screen and on paper. Pure but for language."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _, ngettext, pgettext

from assessments.enums import WhoseMove, ZoneStage
from integrity_portal.core.charts import Tone
from integrity_portal.core.formatting import date_id, datetime_id, hour_id, number_id
from reports.enums import Weekday
from reports.figures import Figures, UnitFigures


@dataclass(frozen=True)
class Kpi:
    label: str
    value: str
    of: str
    sentence: str
    tone: str
    word: str


def tone_of(unit: UnitFigures) -> Tone:
    if not unit.is_judged:
        return Tone.NONE
    if unit.is_behind:
        return Tone.BAD
    return Tone.WARN if unit.needs_attention else Tone.GOOD


def word_of(unit: UnitFigures) -> str:
    if not unit.is_judged:
        return _("Sample") if unit.is_sample else pgettext("unit status", "No data yet")
    return {
        Tone.BAD: pgettext("unit status", "Behind"),
        Tone.WARN: pgettext("unit status", "Needs attention"),
        Tone.GOOD: pgettext("unit status", "On track"),
    }[tone_of(unit)]


def stage_of(unit: UnitFigures) -> str:
    return str(ZoneStage(unit.stage).label) if unit.stage else _("Not on the road yet")


def move_of(code: str) -> str:
    return str(WhoseMove(code).label)


def activities_late(count: int) -> str:
    return ngettext("%(count)d activity overdue", "%(count)d activities overdue", count) % {
        "count": count
    }


def complaints_late(count: int) -> str:
    return ngettext("%(count)d complaint overdue", "%(count)d complaints overdue", count) % {
        "count": count
    }


def reason(unit: UnitFigures) -> str:
    """Why the unit stands where it stands."""
    if not unit.is_judged:
        return _("sample figures") if unit.is_sample else _("no work plan in the portal yet")
    late = []
    if unit.late:
        late.append(activities_late(unit.late))
    if unit.complaints_late:
        late.append(complaints_late(unit.complaints_late))
    if late:
        return "; ".join(late)
    if unit.stage and not unit.has_plan:
        return _("no work plan yet")
    if unit.needs_attention:
        return _("the work plan has no activities yet")
    return _("nothing is overdue")


def whose_move(unit: UnitFigures) -> str:
    """Who has to act on what is late."""
    moves = []
    if unit.late_operator:
        moves.append(f"{move_of('operator')} ({unit.late_operator})")
    if unit.late_head:
        moves.append(f"{move_of('head')} ({unit.late_head})")
    if unit.complaints_late:
        moves.append(f"{_('Liaison officer')} ({unit.complaints_late})")
    if not moves and unit.needs_attention:
        return move_of("operator")
    return ", ".join(moves) or "–"


def says_no_data(figures: Figures) -> bool:
    """A real government whose work plans in the portal are samples, or none: nothing to judge."""
    return not figures.has_real_plans and bool(figures.units)


def waits_at_coordinator(figures: Figures) -> int:
    """Overdue complaints that no unit has yet; samples about a real government do not count."""
    return figures.complaints_at_coordinator if figures.has_real_complaints else 0


def unsigned_sentence(figures: Figures) -> str:
    """Declarations past their last day for signing; empty when there is none."""
    count = len(figures.unsigned)
    if not count:
        return ""
    return ngettext(
        "%(count)d declaration is past its last day for signing.",
        "%(count)d declarations are past their last day for signing.",
        count,
    ) % {"count": count}


def headline(figures: Figures) -> str:
    """What matters most, in a few words."""
    behind = len(figures.behind)
    if not behind and says_no_data(figures) and not figures.unsigned:
        return _("No work plan data in the portal yet")
    if behind:
        return ngettext("%(count)d unit is behind", "%(count)d units are behind", behind) % {
            "count": behind
        }
    if waits_at_coordinator(figures):
        return _("Complaints are waiting to be passed on")
    if figures.unsigned:
        return _("Signatures are overdue")
    return _("Nothing is overdue")


def lead(figures: Figures) -> str:
    """Two or three sentences that hold the whole report."""
    said = []
    behind = figures.behind
    if behind:
        worst = behind[0]
        said.append(
            _("%(unit)s needs help most: %(reason)s.")
            % {"unit": worst.name, "reason": reason(worst)}
        )
        said.append(
            _("In all units together: %(activities)s and %(complaints)s.")
            % {
                "activities": activities_late(len(figures.late)),
                "complaints": complaints_late(figures.complaints_late),
            }
        )
    elif says_no_data(figures):
        said.append(no_data())
    elif not waits_at_coordinator(figures) and not figures.unsigned:
        said.append(_("No activity and no complaint is past its deadline."))
    waiting = waits_at_coordinator(figures)
    if waiting:
        said.append(
            ngettext(
                "%(count)d overdue complaint has not been passed on to any unit yet.",
                "%(count)d overdue complaints have not been passed on to any unit yet.",
                waiting,
            )
            % {"count": waiting}
        )
    if figures.unsigned:
        said.append(unsigned_sentence(figures))
    said.append(coverage_sentence(figures))
    return " ".join(said)


def coverage_sentence(figures: Figures) -> str:
    if not figures.counted:
        return _("No units are registered yet.")
    values = {"declared": figures.declared, "counted": figures.counted}
    if figures.declared >= figures.counted:
        return _("All %(counted)d units have declared.") % values
    return _("%(declared)d of %(counted)d units have declared.") % values


def preparation_sentence(figures: Figures) -> str:
    """How far the units are that have not declared; empty where nobody has to prepare.

    Where no step is recorded at all, nothing is said about any unit.
    """
    prepared = figures.preparation
    if prepared is None or not prepared.undeclared:
        return ""
    if prepared.is_empty:
        return ngettext(
            "Preparation: %(undeclared)d unit has not declared; no step of its preparation is "
            "recorded in the portal yet.",
            "Preparation: %(undeclared)d units have not declared; no step of their preparation is "
            "recorded in the portal yet.",
            prepared.undeclared,
        ) % {"undeclared": prepared.undeclared}
    said = ngettext(
        "Preparation: %(undeclared)d unit has not declared: %(ready)d ready (%(steps)d/%(steps)d), "
        "%(under_way)d under way, %(not_begun)d not begun.",
        "Preparation: %(undeclared)d units have not declared: %(ready)d ready "
        "(%(steps)d/%(steps)d), %(under_way)d under way, %(not_begun)d not begun.",
        prepared.undeclared,
    ) % vars(prepared)
    if not prepared.further:
        return said
    more = ngettext(
        "%(count)d of them builds already, without a declaration on record.",
        "%(count)d of them build already, without a declaration on record.",
        prepared.further,
    ) % {"count": prepared.further}
    return f"{said} {more}"


def units_title(figures: Figures) -> str:
    """Nobody is said to need help before there is anything to judge."""
    if says_no_data(figures):
        return _("Units on the road")
    return _("Units, those that need help first")


def no_data() -> str:
    return _("There are no work plan data in the portal yet.")


def pace_sentence(figures: Figures) -> str:
    """When the last unit declares if it goes on like this, against the year promised."""
    if not figures.counted or figures.declared >= figures.counted:
        return coverage_sentence(figures)
    if figures.is_history and figures.last_recorded:
        return _("Recorded up to %(year)d.") % {"year": figures.last_recorded.year}
    target = figures.target_year
    if figures.finish is None:
        said = _("No unit has declared in the last two years.")
    else:
        said = _("At the present pace the last unit declares in %(year)d.") % {
            "year": figures.finish.year
        }
    promised = _("The target year is %(year)d.") % {"year": target} if target else ""
    return f"{said} {promised}".strip()


def change(now: int, before: int | None) -> str:
    """`last week 5`; nothing when there is nothing to compare with."""
    return "" if before is None else _("last week: %(count)d") % {"count": before}


def kpis(figures: Figures) -> list[Kpi]:
    before = figures.before
    behind = len(figures.behind_on_the_road)
    known = not says_no_data(figures)
    return [
        Kpi(
            _("Units that have declared"),
            number_id(figures.declared, 0),
            number_id(figures.counted, 0),
            pace_sentence(figures),
            *_light(bad=False, warn=figures.finishes_late, known=not figures.is_history),
        ),
        Kpi(
            _("On the road to WBK/WBBM"),
            number_id(figures.on_the_road, 0),
            "",
            ngettext("%(count)d of them is behind.", "%(count)d of them are behind.", behind)
            % {"count": behind}
            if known or behind
            else no_data(),
            *_light(bad=behind > 0, known=known or behind > 0),
        ),
        Kpi(
            _("Activities overdue"),
            number_id(len(figures.late), 0) if known else "–",
            "",
            _late_sentence(figures) if known else no_data(),
            *_light(bad=bool(figures.late), known=known),
        ),
        Kpi(
            _("Complaints overdue"),
            number_id(figures.complaints_late, 0),
            number_id(figures.complaints_open, 0),
            change(figures.complaints_late, before.complaints_late if before else None)
            or _("Of those still open.")
            if figures.has_real_complaints
            else _("Only sample complaints so far."),
            *_light(bad=bool(figures.complaints_late), known=figures.has_real_complaints),
        ),
    ]


def _late_sentence(figures: Figures) -> str:
    before = figures.before
    return change(len(figures.late), before.late if before else None) or _(
        "Past their day and not confirmed as complete."
    )


def _light(*, bad: bool, warn: bool = False, known: bool = True) -> tuple[str, str]:
    """No light and no word where nothing is known yet."""
    if not known:
        return "", ""
    if bad:
        return "bad", pgettext("figure status", "Needs action")
    if warn:
        return "warn", pgettext("figure status", "Behind the target")
    return "good", pgettext("figure status", "In order")


def moves_sentence(figures: Figures) -> str:
    """Whose move it is, over all units."""
    counts: dict[str, int] = {}
    for item in figures.late:
        counts[item.move] = counts.get(item.move, 0) + 1
    parts = [
        _("%(count)d with the %(who)s") % {"count": count, "who": move_of(code).lower()}
        for code, count in sorted(counts.items(), key=lambda pair: -pair[1])
    ]
    if not parts and says_no_data(figures):
        return no_data()
    if not parts:
        return _("No activity waits for anybody past its day.")
    total = len(figures.late)
    said = ngettext(
        "%(count)d overdue activity waits:", "%(count)d overdue activities wait:", total
    ) % {"count": total}
    return f"{said} {', '.join(parts)}."


def complaints_sentence(figures: Figures) -> str:
    if not figures.complaints_total:
        return _("No complaints have come in yet.")
    return _(
        "Complaints open: %(open)d, of these overdue: %(late)d; answered this month: %(answered)d."
    ) % {
        "open": figures.complaints_open,
        "late": figures.complaints_late,
        "answered": figures.complaints_answered,
    }


def stages_sentence(figures: Figures) -> str:
    """What the stages add up to, and why they are not the counts of acts."""
    said = _("Every unit stands at one stage only; together %(counted)d units.") % {
        "counted": figures.counted
    }
    if figures.uncounted:
        more = ngettext(
            "%(count)d more stands on the road but does not count towards “all units”.",
            "%(count)d more stand on the road but do not count towards “all units”.",
            figures.uncounted,
        )
        said = f"{said} {more % {'count': figures.uncounted}}"
    return said


def without_progress(figures: Figures) -> str:
    """The units that the chart of progress cannot draw."""
    if says_no_data(figures):
        return no_data()
    names = [unit.name for unit in figures.units if unit.stage and unit.percent is None]
    if not names:
        return ""
    return _("Without a work plan or without activities: %(units)s.") % {
        "units": ", ".join(sorted(names, key=str.casefold))
    }


def as_of(figures: Figures) -> str:
    return date_id(figures.today)


def week_words(period: str) -> str:
    """`2026-W47` → week 47 of 2026; empty for a report on demand."""
    if not period:
        return ""
    year, _w, week = period.partition("-W")
    return _("week %(week)s of %(year)s") % {"week": int(week), "year": year}


def weekly_title(period: str) -> str:
    year, _w, week = period.partition("-W")
    return _("Integrity zone progress report, week %(week)s of %(year)s") % {
        "week": int(week),
        "year": year,
    }


def schedule_words(weekday: int, hour: int) -> str:
    """`Setiap Senin pukul 06.00 WIB`; in Indonesian Sunday has the name of the week."""
    day = Weekday(weekday).label
    if weekday == Weekday.SUNDAY:
        return _("Every Sunday at %(time)s") % {"time": hour_id(hour)}
    return _("Every %(day)s at %(time)s") % {"day": day, "time": hour_id(hour)}


def moment_words(moment: datetime) -> str:
    """`Senin, 23 November 2026, 06.00 WIB`"""
    day = Weekday(timezone.localtime(moment).isoweekday()).label
    return f"{day}, {datetime_id(moment)}"

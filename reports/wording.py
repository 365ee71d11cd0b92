"""One sentence before any number: the same words on screen and on paper. Pure but for language."""

from dataclasses import dataclass

from django.utils.translation import gettext as _, ngettext, pgettext

from assessments.enums import WhoseMove, ZoneStage
from integrity_portal.core.charts import Tone
from integrity_portal.core.formatting import date_id, number_id
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
    if unit.is_behind:
        return Tone.BAD
    return Tone.WARN if unit.needs_attention else Tone.GOOD


def word_of(unit: UnitFigures) -> str:
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


def headline(figures: Figures) -> str:
    """What matters most, in a few words."""
    behind = len(figures.behind)
    if behind:
        return ngettext("%(count)d unit is behind", "%(count)d units are behind", behind) % {
            "count": behind
        }
    if figures.complaints_at_coordinator:
        return _("Complaints are waiting to be passed on")
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
    elif not figures.complaints_at_coordinator:
        said.append(_("No activity and no complaint is past its deadline."))
    if figures.complaints_at_coordinator:
        said.append(
            ngettext(
                "%(count)d overdue complaint has not been passed on to any unit yet.",
                "%(count)d overdue complaints have not been passed on to any unit yet.",
                figures.complaints_at_coordinator,
            )
            % {"count": figures.complaints_at_coordinator}
        )
    said.append(coverage_sentence(figures))
    return " ".join(said)


def coverage_sentence(figures: Figures) -> str:
    if not figures.counted:
        return _("No units are registered yet.")
    values = {"declared": figures.declared, "counted": figures.counted}
    if figures.declared >= figures.counted:
        return _("All %(counted)d units have declared.") % values
    return _("%(declared)d of %(counted)d units have declared.") % values


def pace_sentence(figures: Figures) -> str:
    """When the last unit declares if it goes on like this, against the year promised."""
    if not figures.counted or figures.declared >= figures.counted:
        return coverage_sentence(figures)
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
    behind = len(figures.behind)
    return [
        Kpi(
            _("Units that have declared"),
            number_id(figures.declared, 0),
            number_id(figures.counted, 0),
            pace_sentence(figures),
            *_light(bad=False, warn=figures.finishes_late),
        ),
        Kpi(
            _("On the road to WBK/WBBM"),
            number_id(figures.on_the_road, 0),
            "",
            ngettext("%(count)d unit is behind.", "%(count)d units are behind.", behind)
            % {"count": behind},
            *_light(bad=behind > 0),
        ),
        Kpi(
            _("Activities overdue"),
            number_id(len(figures.late), 0),
            "",
            change(len(figures.late), before.late if before else None)
            or _("Past their day and not confirmed as complete."),
            *_light(bad=bool(figures.late)),
        ),
        Kpi(
            _("Complaints overdue"),
            number_id(figures.complaints_late, 0),
            number_id(figures.complaints_open, 0),
            change(figures.complaints_late, before.complaints_late if before else None)
            or _("Of those still open."),
            *_light(bad=bool(figures.complaints_late)),
        ),
    ]


def _light(*, bad: bool, warn: bool = False) -> tuple[str, str]:
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


def as_of(figures: Figures) -> str:
    return date_id(figures.today)


def weekly_title(period: str) -> str:
    year, _w, week = period.partition("-W")
    return _("Integrity zone progress report, week %(week)s of %(year)s") % {
        "week": int(week),
        "year": year,
    }

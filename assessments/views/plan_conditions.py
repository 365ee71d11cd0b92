"""What a plan says of surveys: which result it needs, and which gates stay open without it."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from assessments.improvement import KeptSurvey, Plan
from assessments.improvement_rules import Rules
from assessments.instrument import Instrument, QuestionText
from assessments.scoring import ONE, Passed, ScaleKind, Sheet
from integrity_portal.core.formatting import number_id


@dataclass(frozen=True)
class Survey:
    """A survey as people call it; `standing` is its index, empty while it has not been held."""

    code: str
    short: str
    name: str
    standing: str


@dataclass(frozen=True)
class ConditionRow:
    survey: Survey
    least: str
    gates: list[str]


@dataclass(frozen=True)
class OpenRow:
    title: str
    passed: Passed
    reasons: list[str]


def surveys_of(instrument: Instrument) -> list[QuestionText]:
    rows = instrument.questions.values()
    return [row for row in rows if row.scale.kind is ScaleKind.INDEX]


def that_may_rise(instrument: Instrument, sums: Sheet, rules: Rules) -> list[Survey]:
    """Surveys below their best: somebody may want them to stay as they are."""
    return [
        _survey(instrument, row.code, share, rules)
        for row in surveys_of(instrument)
        if (share := sums.values[row.code].share) != ONE
    ]


def condition_rows(instrument: Instrument, found: Plan, rules: Rules) -> list[ConditionRow]:
    return [
        ConditionRow(
            _survey(instrument, row.code, row.before, rules),
            _index(instrument, row.code, row.share),
            [str(instrument.gate_titles[code]) for code in row.gates],
        )
        for row in found.conditions
    ]


def open_rows(instrument: Instrument, found: Plan, rules: Rules) -> list[OpenRow]:
    return [
        OpenRow(
            str(instrument.gate_titles[row.passed.gate.code]),
            row.passed,
            [_reason(instrument, kept, rules) for kept in row.kept],
        )
        for row in found.open
    ]


def _survey(instrument: Instrument, code: str, share: Decimal | None, rules: Rules) -> Survey:
    called = rules.survey_of(code)
    title = str(instrument.titles[instrument.questions[code].sub_aspect])
    return Survey(
        code,
        called.short if called else title,
        str(called.name) if called else title,
        "" if share is None else _index(instrument, code, share),
    )


def _reason(instrument: Instrument, kept: KeptSurvey, rules: Rules) -> str:
    survey = _survey(instrument, kept.code, kept.before, rules)
    if survey.standing:
        stays = _("%(survey)s stays at %(index)s") % {
            "survey": survey.short,
            "index": survey.standing,
        }
    else:
        stays = _("%(survey)s has no result") % {"survey": survey.short}
    if kept.enough is None:
        return stays
    least = _index(instrument, kept.code, kept.enough)
    return _("%(stays)s; at least %(least)s would do") % {"stays": stays, "least": least}


def _index(instrument: Instrument, code: str, share: Decimal) -> str:
    return number_id(share * instrument.questions[code].scale.highest)

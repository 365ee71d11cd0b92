"""Targets, figures and periods of indicators as people write them: pure.

aim_text(aim, "%")   # 7–8 %
"""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy, pgettext

from assessments.achievement import Figure
from assessments.enums import Consolidation, Direction, Shape
from assessments.figure_words import number_text
from assessments.series import WHOLE_YEAR
from integrity_portal.core.formatting import NOTHING

# What the columns of a fiche are called.
FIELDS: Mapping[str, Promise] = {
    "name": gettext_lazy("Indicator"),
    "code": gettext_lazy("Code"),
    "definition": gettext_lazy("Definition"),
    "unit_of_measure": gettext_lazy("Unit of measure"),
    "direction": gettext_lazy("Direction"),
    "shape": gettext_lazy("Kind of target"),
    "consolidation": gettext_lazy("Quarters become a year by"),
    "formula": gettext_lazy("Formula"),
    "factor": gettext_lazy("Factor"),
    "numerator_label": gettext_lazy("Numerator"),
    "denominator_label": gettext_lazy("Denominator"),
    "source": gettext_lazy("Source of the data"),
    "unit_id": gettext_lazy("Responsible unit"),
    "responsible": gettext_lazy("Responsible officer"),
    "duty_id": gettext_lazy("Duty"),
    "base_year": gettext_lazy("Base year"),
    "base_value": gettext_lazy("Base value"),
    "is_iku": gettext_lazy("IKU"),
    "supports_id": gettext_lazy("Serves the indicator"),
}
CHOICES: Mapping[str, type[TextChoices]] = {
    "direction": Direction,
    "shape": Shape,
    "consolidation": Consolidation,
}


def counts_text(figure: Figure | None) -> str:
    """Numerator and denominator of a ratio: `120 / 300`."""
    if figure is None or not figure.has_counts:
        return ""
    return f"{number_text(figure.numerator)} / {number_text(figure.denominator)}"


def until_text(year: int, quarter: int) -> str:
    """What a board shows: the year, or the year up to the end of a quarter."""
    if quarter == WHOLE_YEAR:
        return _("Year %(year)s") % {"year": year}
    return _("%(year)s up to quarter %(quarter)s") % {"quarter": quarter, "year": year}


def field_words(name: str, text: str | None) -> tuple[str, str]:
    """A column of a fiche and what stood in it, as people say both."""
    label = str(FIELDS.get(name, name))
    if not text:
        return label, NOTHING
    if name in CHOICES and text in CHOICES[name].values:
        return label, str(CHOICES[name](text).label)
    if name == "is_iku":
        return label, pgettext("figure", "Yes") if text == "True" else pgettext("figure", "No")
    if name in ("factor", "base_value"):
        return label, _number_or_text(text)
    return label, text


def _number_or_text(text: str) -> str:
    try:
        return number_text(Decimal(text))
    except InvalidOperation:
        return text


def decimals(value: Decimal) -> int:
    """How many places a number has, at most six."""
    exponent = value.normalize().as_tuple().exponent
    return min(6, max(0, -exponent)) if isinstance(exponent, int) else 0

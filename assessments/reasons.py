"""Why a unit stands where it stands, in a sentence: the factors that weigh most."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from assessments.factor_sets import FactorSet
from assessments.pilots import AxisValue, Placement, Quadrant


def reason(placement: Placement, scores: dict[str, int], factors: FactorSet) -> str:
    """What speaks for and against a pilot; for an incomplete unit, what is missing."""
    if not placement.is_complete:
        names = _listed(placement.missing, factors)
        return _("No score yet for: %(factors)s.") % {"factors": names}
    is_vulnerable = placement.quadrant in (Quadrant.BOTH, Quadrant.VULNERABLE)
    is_ready = placement.quadrant in (Quadrant.BOTH, Quadrant.READY)
    vulnerable = _("Vulnerable through %(factors)s")
    ready = _("ready through %(factors)s")
    if not is_vulnerable:
        vulnerable = _("Less vulnerable, most through %(factors)s")
    if not is_ready:
        ready = _("not ready yet, furthest in %(factors)s")
    said = [
        _lifted(placement.vulnerability, scores, factors, vulnerable),
        _lifted(placement.readiness, scores, factors, ready),
    ]
    strongest = set(placement.readiness.strongest)
    weakest = [code for code in placement.readiness.weakest if code not in strongest]
    lacks = _weighed(weakest[:1], scores, factors)
    if lacks:
        said.append(_("most lacking: %(factors)s") % {"factors": lacks})
    said = [part for part in said if part]
    text = "; ".join(said)
    return f"{text[:1].upper()}{text[1:]}."


def _lifted(value: AxisValue, scores: dict[str, int], factors: FactorSet, words: str) -> str:
    named = _weighed(value.strongest, scores, factors)
    return words % {"factors": named} if named else ""


def _weighed(codes: Iterable[str], scores: dict[str, int], factors: FactorSet) -> str:
    found = [(factor, scores[code]) for code in codes if (factor := factors.factor(code))]
    return _(" and ").join(f"{_inside(str(factor.text))} ({score})" for factor, score in found)


def _listed(codes: Iterable[str], factors: FactorSet) -> str:
    names = [str(factor.text) for code in codes if (factor := factors.factor(code))]
    return ", ".join(_inside(name) for name in names)


def _inside(name: str) -> str:
    """As it is written inside a sentence: a small first letter, but not of LHKPN or SAKIP."""
    return name if name[:2].isupper() else name[:1].lower() + name[1:]

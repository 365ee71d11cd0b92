"""The button that instructs a unit, on any page."""

from typing import Any

from django import template

from opd.permissions import can_give_directives

register = template.Library()


@register.inclusion_tag("opd/directives/button.html", takes_context=True)
def directive_button(context: template.Context, kind: str, pk: Any) -> dict[str, Any]:
    """`{% directive_button "activity" activity.pk %}`: shown to who gives directives, no query."""
    membership = context.get("membership") or getattr(context.get("request"), "membership", None)
    may_give = membership is not None and can_give_directives(membership)
    return {"may_give": may_give, "kind": kind, "id": str(pk)}

"""Why one is asked again who he is."""

from typing import Any

from django import template

from opd.proofs import sentence_before

register = template.Library()


@register.filter
def what_comes_after_proof(address: str | None) -> Any:
    """`{{ redirect_field_value|what_comes_after_proof }}`: the sentence of the page, or empty."""
    return sentence_before(address or "")

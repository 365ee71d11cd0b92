"""How a screen says that a step was refused: above its form, or on the next page."""

from collections.abc import Iterator
from contextlib import contextmanager

from django import forms
from django.contrib import messages
from django.http import HttpRequest

from integrity_portal.core.files import FileRefused
from opd.transitions import StepRefused


def refusal_text(refusal: StepRefused) -> str:
    """The sentence, and what is missing."""
    lacking = " ".join(item.sentence for item in refusal.missing)
    return f"{refusal} {lacking}".strip()


def say_refusal(request: HttpRequest, refusal: StepRefused) -> None:
    """On the next page."""
    messages.error(request, refusal_text(refusal))


@contextmanager
def refusals_in(
    form: forms.BaseForm, field: str | None = None, *, upload: str | None = None
) -> Iterator[None]:
    """Around an action: a refusal stands above the form, or at the field; what was typed stays.

    A file that cannot be taken is named at the field `upload`.
    """
    try:
        yield
    except FileRefused as refusal:
        form.add_error(upload, str(refusal))
    except StepRefused as refusal:
        form.add_error(field, refusal_text(refusal))


@contextmanager
def refusals_said(request: HttpRequest) -> Iterator[None]:
    """Around an action without a form: a refusal is said on the next page."""
    try:
        yield
    except StepRefused as refusal:
        say_refusal(request, refusal)

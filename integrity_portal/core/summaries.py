"""What an error summary lists: the same words as beside the field, each with a way there."""

from dataclasses import dataclass
from typing import Any

from django.forms import BaseForm, BoundField, RadioSelect
from django.forms.formsets import BaseFormSet


@dataclass(frozen=True)
class ErrorEntry:
    text: str
    target: str = ""


def _target(field: BoundField) -> str:
    """The id of the first thing that can be filled in."""
    if field.is_hidden or not field.auto_id:
        return ""
    if isinstance(field.field.widget, RadioSelect):
        return f"{field.auto_id}_0"
    return field.id_for_label or field.auto_id


def _form_entries(form: BaseForm) -> list[ErrorEntry]:
    entries = [ErrorEntry(str(error)) for error in form.non_field_errors()]
    for field in form:
        entries += [ErrorEntry(str(error), _target(field)) for error in field.errors]
    return entries


def error_entries(form: Any) -> list[ErrorEntry]:
    """Of a form or a formset, in the order of the page."""
    if not isinstance(form, BaseFormSet):
        return _form_entries(form)
    entries = [ErrorEntry(str(error)) for error in form.non_form_errors()]
    for member in form.forms:
        entries += _form_entries(member)
    return entries

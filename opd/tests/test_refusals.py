"""A refused step stands above its form, at its field, or on the next page."""

import pytest
from django import forms
from django.contrib.messages import get_messages
from django.contrib.messages.storage.base import BaseStorage
from django.test import RequestFactory

from integrity_portal.core.files import FileRefused
from opd.refusals import refusals_in, refusals_said
from opd.transitions import Missing, StepRefused

REFUSED = StepRefused("Not yet.", [Missing("The decree is missing."), Missing("So is the day.")])
SAID = "Not yet. The decree is missing. So is the day."


class DayForm(forms.Form):
    day = forms.CharField()
    scan = forms.FileField(required=False)


@pytest.mark.parametrize(("field", "place"), [(None, "__all__"), ("day", "day")])
def test_above_the_form_or_at_its_field_with_what_is_missing(field: str | None, place: str) -> None:
    form = DayForm({"day": "besok"})
    assert form.is_valid()
    with refusals_in(form, field):
        raise REFUSED
    assert form.errors == {place: [SAID]}
    assert form["day"].value() == "besok"


def test_a_file_that_cannot_be_taken_is_named_at_its_field() -> None:
    form = DayForm({"day": "besok"})
    assert form.is_valid()
    with refusals_in(form, upload="scan"):
        raise FileRefused("Too large.")
    assert form.errors == {"scan": ["Too large."]}


def test_on_the_next_page() -> None:
    request = RequestFactory().post("/")
    request._messages = Kept(request)
    with refusals_said(request):
        raise REFUSED
    assert [str(each) for each in get_messages(request)] == [SAID]


def test_any_other_error_goes_on() -> None:
    with pytest.raises(KeyError), refusals_in(DayForm({})):
        raise KeyError


class Kept(BaseStorage):
    def _get(self, *args, **kwargs):
        return [], True

    def _store(self, messages, response, *args, **kwargs):
        return []

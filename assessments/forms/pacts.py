"""Forms of the pakta integritas."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from integrity_portal.core.forms import DateField, FileField, PortalFormHelper, ShortTextField
from opd.models import EmployeePost


class SignPactForm(forms.Form):
    text_sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)
    agree = forms.BooleanField(
        label=_("I have read this text and sign it."),
        error_messages={"required": _("Tick the box to sign.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(self, submit=_("Sign the pakta integritas"))


class RecordPactsForm(forms.Form):
    """Who stands on the list that was signed in ink; the two lists of boxes stand in the page."""

    form_key = forms.UUIDField(widget=forms.HiddenInput)
    signed_on = DateField(label=_("Day of signing"))
    scan = FileField(label=_("Scan of the signed list"), kinds=_("PDF or photo"))

    def __init__(
        self, *args: Any, posts: Sequence[EmployeePost], today: date, year: int, **kwargs: Any
    ) -> None:
        day = today if today.year == year else date(year, 12, 31)
        kwargs.setdefault("initial", {"form_key": uuid4(), "signed_on": day})
        super().__init__(*args, **kwargs)
        self.posts = posts
        self.ticked = self._ticked("post")
        self.heads = self._ticked("head")
        self.helper = PortalFormHelper(self, form_tag=False)

    def _ticked(self, name: str) -> set[int]:
        known = {post.pk for post in self.posts}
        given = self.data.getlist(name) if hasattr(self.data, "getlist") else []
        return {int(pk) for pk in given if pk.isdecimal() and int(pk) in known}

    def clean(self) -> dict[str, Any]:
        if not self.ticked:
            self.add_error(None, _("Tick at least one employee who has not signed yet."))
        return super().clean() or {}


class WithdrawPactForm(forms.Form):
    reason = ShortTextField(label=_("Why is the pact withdrawn?"), limit=400)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(self, submit=_("Withdraw the pact"))

"""What several forms share: a text that is sent with proof, a reason, a year to choose."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import uuid4

from crispy_forms.layout import Field, Layout, Submit
from django import forms
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from assessments.forms.evidence import ArrivedField, EvidenceField, described
from assessments.forms.workplans import VersionedForm, names_of, set_choices
from integrity_portal.core.forms import LongTextField, PortalFormHelper
from integrity_portal.core.models import StoredFile

EVERY = ("", pgettext_lazy("filter", "all"))


class ProofForm(VersionedForm):
    """A text, and files that stay when something else is refused."""

    text = LongTextField(label=_("What was done?"), limit=3000, rows=5)
    keep = ArrivedField(label=_("Files that have arrived"), required=False)
    files = EvidenceField(  # type: ignore[assignment]
        label=_("Add proof, if there is any"),
        help_text=_(
            "PDF, JPEG, PNG or WebP, at most 10 MB each. With a phone you can take a picture."
        ),
    )

    def __init__(self, *args: Any, submit: Any, label: Any = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if label:
            self.fields["text"].label = label
        self.helper = PortalFormHelper(self, mark_optional=False)
        self.helper.add_input(Submit("send", submit))
        self.show_arrived([])

    @classmethod
    def blank(cls, **options: Any) -> "ProofForm":
        return cls(initial={"form_key": uuid4(), "version": 0}, **options)

    def show_arrived(self, stored: Sequence[StoredFile]) -> None:
        """List what has arrived; without anything the question is not asked."""
        set_choices(self, "keep", [(row.public_id, described(row)) for row in stored])
        names = [name for name in self.fields if name != "keep" or stored]
        self.helper.layout = Layout(*(Field(name) for name in names))

    def keep_arrived(self, stored: Sequence[StoredFile]) -> None:
        """After a refusal: what arrived is named again by the next sending."""
        self.overwrite(keep=names_of(stored))
        self.show_arrived(stored)


class FilesForm(ProofForm):
    """Only files."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["text"]
        self.show_arrived([])


class ReasonForm(forms.Form):
    """One text: why, or what is still missing."""

    reason = LongTextField(label=_("Reason"), limit=1000, rows=3)

    def __init__(
        self, *args: Any, submit: Any, label: Any, danger: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = label
        self.helper = PortalFormHelper(self)
        self.helper.add_input(Submit("", submit, css_class="danger" if danger else ""))


def year_choices(years: Iterable[int]) -> list[tuple[Any, Any]]:
    return [EVERY, *((str(year), str(year)) for year in years)]

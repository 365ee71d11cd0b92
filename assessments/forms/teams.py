"""Forms of work teams."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext, gettext_lazy as _, pgettext_lazy

from assessments.actions.teams import MemberFacts
from assessments.enums import AreaOfChange, TeamFunction
from assessments.forms.workplans import ALL, VersionedForm, set_choices
from assessments.models import TeamMember, WorkTeam
from integrity_portal.core.forms import (
    LongTextField,
    NameField,
    PortalFormHelper,
    SelectField,
    ShortTextField,
)
from opd.models import Membership
from opd.nip import may_be_nip


class NipField(ShortTextField):
    """18 digits, also with the spaces in which people write them."""

    default_error_messages = {
        "nip": _("A NIP has 18 digits. Check it, or leave the box empty."),
    }

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(**{"limit": 40, "required": False, "widget": widget, **kwargs})

    def to_python(self, value: Any) -> str:
        return re.sub(r"[\s.\-]", "", super().to_python(value))

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and not may_be_nip(value):
            raise forms.ValidationError(self.error_messages["nip"], code="nip")


class TeamForm(forms.Form):
    year = SelectField(label=_("Year"))
    copy_from = SelectField(
        label=_("Start with"),
        required=False,
        help_text=_("Copied members keep their places; you can change everything afterwards."),
    )

    def __init__(self, *args: Any, teams: Sequence[WorkTeam], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        taken = {team.year for team in teams}
        years = [year for year in range(today.year - 1, today.year + 2) if year not in taken]
        set_choices(self, "year", [(year, str(year)) for year in years])
        newest: dict[int, WorkTeam] = {}
        for team in teams:
            newest.setdefault(team.year, team)
        copies = [(ALL, gettext("an empty team"))]
        copies += [
            (str(team.pk), gettext("the team of %(year)s") % {"year": str(team.year)})
            for team in newest.values()
        ]
        set_choices(self, "copy_from", copies)
        if today.year in years:
            self.fields["year"].initial = today.year
        self.helper = PortalFormHelper(self, submit=_("Open the work team"))


class MemberForm(VersionedForm):
    function = SelectField(
        label=_("Place in the team"),
        choices=[(ALL, _("Choose a place")), *TeamFunction.choices],
    )
    area = SelectField(
        label=_("Pokja"),
        required=False,
        choices=[(ALL, _("none")), *((a.value, f"{a.value}. {a.label}") for a in AreaOfChange)],
        help_text=_("For coordinators and members of a pokja."),
    )
    membership = SelectField(
        label=_("Office in the portal"),
        required=False,
        help_text=_("Leave it at “none” for somebody without an account."),
    )
    name = NameField(
        label=_("Name"), required=False, help_text=_("As it is printed in the decree.")
    )
    title = ShortTextField(label=pgettext_lazy("of a person", "Title"), limit=150, required=False)
    nip = NipField(label=_("NIP"))
    is_agent = forms.BooleanField(label=_("Is a change agent (agen perubahan)"), required=False)
    agent_of = LongTextField(
        label=_("What does this change agent change?"),
        help_text=_("One sentence, for example: queue by number, no payment at the counter."),
        limit=300,
        rows=2,
        required=False,
    )

    def __init__(self, *args: Any, people: Sequence[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(row.pk): row for row in people}
        named = [(pk, _label(row)) for pk, row in self.people.items()]
        set_choices(self, "membership", [(ALL, gettext("none")), *named])
        self.helper = PortalFormHelper(self, submit=_("Save"))

    @classmethod
    def blank(cls, people: Sequence[Membership], **initial: Any) -> "MemberForm":
        return cls(people=people, initial={"form_key": uuid4(), "version": 0, **initial})

    @classmethod
    def showing(cls, member: TeamMember, people: Sequence[Membership]) -> "MemberForm":
        names = ("function", "area", "name", "title", "nip", "is_agent", "agent_of", "version")
        values = {name: getattr(member, name) for name in names}
        values["membership"] = str(member.membership_id or "")
        return cls(people=people, initial={**values, "form_key": member.form_key})

    def clean(self) -> dict[str, Any]:
        clean = super().clean() or self.cleaned_data
        office = self.people.get(clean.get("membership", ""))
        if office is not None:
            clean["name"] = clean.get("name") or office.user.name
            clean["title"] = clean.get("title") or office.printed_title
        if "name" in clean and not clean["name"]:
            self.add_error("name", gettext("Enter the name, or choose an office above."))
        if "title" in clean and not clean["title"]:
            self.add_error("title", gettext("Enter the title, for example: Sekretaris Dinas."))
        self._check_place(clean)
        return clean

    def _check_place(self, clean: dict[str, Any]) -> None:
        function = clean.get("function", "")
        if function and TeamFunction(function).is_of_pokja and not clean.get("area"):
            self.add_error("area", gettext("Choose the area of the pokja."))
        if function and not TeamFunction(function).is_of_pokja:
            clean["area"] = ""
        is_agent = clean.get("is_agent") or function == TeamFunction.AGEN
        if is_agent and "agent_of" in clean and not clean["agent_of"]:
            self.add_error("agent_of", gettext("Write what this change agent changes."))
        if not is_agent and clean.get("agent_of"):
            sentence = gettext("Tick that this person is a change agent, or leave this empty.")
            self.add_error("agent_of", sentence)

    def facts(self) -> MemberFacts:
        clean = self.cleaned_data
        return MemberFacts(
            function=clean["function"],
            area=clean["area"],
            membership=self.people.get(clean["membership"]),
            name=clean["name"],
            title=clean["title"],
            nip=clean["nip"],
            agent_of=clean["agent_of"],
        )


def _label(row: Membership) -> str:
    if row.user.name == row.title:
        return row.printed_title
    return f"{row.user.name}, {row.printed_title}"

"""Setting up a channel: the fields that its provider needs, secrets never shown again."""

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy as _

from complaints.channel_enums import Adapter
from complaints.channels.registry import ADAPTERS
from integrity_portal.core.forms import PortalFormHelper, ShortTextField


class _ProviderForm(forms.Form):
    """Base: one field for each value of the adapter."""

    def __init__(self, *args: Any, adapter: str, need_all: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.provided = [field.name for field in ADAPTERS[adapter].fields]
        for field in ADAPTERS[adapter].fields:
            box = ShortTextField(
                label=field.label,
                required=need_all and field.is_required,
                limit=500,
                help_text=field.help_text,
            )
            if field.is_secret:
                box.widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
            box.widget.attrs.setdefault("autocomplete", "off")
            self.fields[field.name] = box

    def values(self) -> dict[str, str]:
        return {name: self.cleaned_data.get(name) or "" for name in self.provided}


class ChannelForm(_ProviderForm):
    label = ShortTextField(
        label=_("Name"), limit=60, help_text=_("As colleagues call it: WhatsApp Bagian Organisasi.")
    )
    number = ShortTextField(
        label=_("Number people write to"), limit=20, help_text=_("As it is printed on posters.")
    )

    def __init__(self, *args: Any, adapter: str, **kwargs: Any) -> None:
        super().__init__(*args, adapter=adapter, need_all=True, **kwargs)
        self.helper = PortalFormHelper(submit=gettext("Set up the channel"), mark_optional=False)


class SecretsForm(_ProviderForm):
    new_address = forms.BooleanField(
        label=_("Draw a new webhook address; the old one ends at once"), required=False
    )

    def __init__(self, *args: Any, adapter: str, action: str, **kwargs: Any) -> None:
        super().__init__(*args, adapter=adapter, need_all=False, **kwargs)
        self.auto_id = "id_secrets_%s"
        self.order_fields([*self.provided, "new_address"])
        self.helper = PortalFormHelper(
            submit=gettext("Replace"), action=action, mark_optional=False
        )


class TestForm(forms.Form):
    __test__ = False

    number = ShortTextField(
        label=_("To this telephone"),
        limit=20,
        help_text=_("One of your own, such as 0812 0000 0001."),
    )

    def __init__(self, *args: Any, action: str, **kwargs: Any) -> None:
        kwargs["auto_id"] = "id_test_%s"
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(submit=gettext("Send a test message"), action=action)


def adapter_or_none(slug: str) -> Adapter | None:
    return Adapter(slug) if slug in Adapter.values else None

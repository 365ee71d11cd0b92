"""Sign-in with NIP, e-mail or mobile number."""

from allauth.account.forms import LoginForm as AllauthLoginForm
from django.utils.translation import gettext_lazy as _


class LoginForm(AllauthLoginForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["login"]
        field.label = _("NIP, e-mail or mobile number")
        field.max_length = 120
        field.widget.attrs.update(
            {"autocomplete": "username", "placeholder": "", "autocapitalize": "none"}
        )
        self.fields["password"].widget.attrs["placeholder"] = ""
        self.fields["password"].help_text = ""

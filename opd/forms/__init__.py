"""Forms, one file per screen family."""

from opd.forms.login import LoginForm, ResetPasswordForm

__all__ = ["LoginForm", "ResetPasswordForm"]

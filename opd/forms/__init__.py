"""Forms, one file per screen family."""

from opd.forms.login import LoginForm

__all__ = ["LoginForm"]

"""A real deployment: nothing is assumed, a missing value stops the start."""

from django.core.exceptions import ImproperlyConfigured

from integrity_portal.settings.base import *  # noqa: F403
from integrity_portal.settings.base import ALLOWED_HOSTS, SECRET_KEY

DEMO = False
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "Set SECRET_KEY, or run `manage.py ensure_keys` so that keys/secret_key exists."
    )
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured("Set ALLOWED_HOSTS to the portal's host names, comma-separated.")

"""A developer's machine and the demonstration: plain HTTP on localhost, demo accounts."""

import os

os.environ.setdefault("PORTAL_HTTPS", "false")
os.environ.setdefault("SECOND_FACTOR_ROLES", "")
os.environ.setdefault("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")

from integrity_portal.settings.base import *  # noqa: F403

DEMO = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True

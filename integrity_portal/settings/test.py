"""Tests: real PostgreSQL, real static files; only password hashing is made cheap."""

import os
import tempfile

os.environ.setdefault("PORTAL_HTTPS", "false")
os.environ.setdefault("SECOND_FACTOR_ROLES", "")
os.environ.setdefault("PORTAL_STATE_DIR", tempfile.mkdtemp(prefix="portal-test-"))
os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 40)

from integrity_portal.settings.base import *  # noqa: F403
from integrity_portal.settings.base import DATABASES

DEMO = True
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
DATABASES["default"]["CONN_MAX_AGE"] = 0
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
# Every test client builds the middleware anew: look for a static file when it is asked for, do not
# read the whole folder first.
WHITENOISE_AUTOREFRESH = True

"""Headers, cookies, sign-in: one page that a security reviewer reads from top to bottom."""

import environ
from csp.constants import NONCE, NONE, SELF

env = environ.Env()

AUTH_USER_MODEL = "opd.User"
AUTHENTICATION_BACKENDS = ["opd.identity.LoginIdentifierBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "opd.own_words.OwnWordsValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

ACCOUNT_ADAPTER = "opd.identity.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_FORMS = {
    "login": "opd.forms.LoginForm",
    "reset_password": "opd.forms.ResetPasswordForm",
    "reset_password_from_key": "opd.forms.login.ResetPasswordKeyForm",
    "change_password": "opd.forms.login.ChangePasswordForm",
    "reauthenticate": "opd.forms.login.ReauthenticateForm",
}
# No mail to addresses that nobody here owns: the portal is nobody's spam cannon.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# The person is told of every change to password and second factor.
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
# A short delay per account, never a lock: nobody can lock the mayor out.
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "5/5m/key,200/h/ip"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Integrity Portal"
# One step of 30 seconds, as RFC 6238 section 5.2 allows: people type slowly, phones run ahead.
MFA_TOTP_TOLERANCE = 1
MFA_ADAPTER = "opd.identity.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "opd.forms.second_factor.AuthenticateForm",
    "reauthenticate": "opd.forms.second_factor.ReauthenticateForm",
    "activate_totp": "opd.forms.second_factor.ActivateTOTPForm",
    "add_webauthn": "opd.forms.second_factor.AddWebAuthnForm",
    "edit_webauthn": "opd.forms.second_factor.EditWebAuthnForm",
}
# Roles that must hold a second factor before they see anything.
SECOND_FACTOR_ROLES = env.list(
    "SECOND_FACTOR_ROLES", default=["mayor", "sekda", "inspectorate", "administrator"]
)

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
HTTPS = env.bool("PORTAL_HTTPS", default=True)
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=HTTPS)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31536000 if HTTPS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=HTTPS)
SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", default=HTTPS)
if env.bool("BEHIND_TLS_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "integrity_portal.core.errors.csrf_failure"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = HTTPS

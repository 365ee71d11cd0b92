"""What is open of allauth (docs/adr/0025): no sign-up, no addresses or providers to manage.

`account_signup` answers that accounts are given by invitation; allauth's pages link to its name.
"""

from allauth.account import views
from allauth.mfa.recovery_codes import views as recovery_codes
from django.urls import include, path, re_path

from integrity_portal.core.http import records_access

# allauth notes that the codes were seen; both pages ask for the password or a factor first.
records_access(recovery_codes.view_recovery_codes)
records_access(recovery_codes.download_recovery_codes)

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("signup/", views.signup, name="account_signup"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("2fa/", include("allauth.mfa.urls")),
]

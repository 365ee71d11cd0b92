from django.urls import path

from opd.views import accounts, home, invitations, people, status, tpi

app_name = "opd"
urlpatterns = [
    path("switch/", home.membership_switch, name="membership_switch"),
    path("account/", accounts.account, name="account"),
    path("account/sessions/end/", accounts.sessions_end, name="sessions_end"),
    path("account/offices/", accounts.offices, name="offices"),
    path("people/", people.people, name="people"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/office/", people.office_add, name="office_add"),
    path("people/<int:pk>/reset-code/", accounts.reset_code, name="reset_code"),
    path("people/<int:pk>/close/", accounts.account_close, name="account_close"),
    path("people/<int:pk>/reopen/", accounts.account_reopen, name="account_reopen"),
    path("people/<int:pk>/factor/remove/", accounts.factor_remove, name="factor_remove"),
    path("people/<int:pk>/name/", accounts.rename, name="rename"),
    path("people/<int:pk>/identifiers/", accounts.identifier_add, name="identifier_add"),
    path(
        "people/<int:pk>/identifiers/<int:identifier>/remove/",
        accounts.identifier_remove,
        name="identifier_remove",
    ),
    path("people/offices/<int:pk>/end/", people.office_end, name="office_end"),
    path("people/offices/<int:pk>/substitute/", people.substitute_add, name="substitute_add"),
    path("people/invitations/", invitations.invitations, name="invitations"),
    path("people/invitations/new/", invitations.invite, name="invite"),
    path(
        "people/invitations/<int:pk>/withdraw/",
        invitations.invitation_withdraw,
        name="invitation_withdraw",
    ),
    path("people/tpi/", tpi.tpi, name="tpi"),
    path("people/tpi/<int:pk>/release/", tpi.tpi_release, name="tpi_release"),
    path("status/", status.status, name="status"),
]

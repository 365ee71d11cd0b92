"""Public pages of accounts: no government in the address, no sign-in."""

from django.urls import path

from opd.views import invitations, reset

urlpatterns = [
    path("join/<str:token>/", invitations.join, name="join"),
    path("reset/", reset.reset, name="reset"),
]

"""Public pages: links and codes of accounts, a government's front page; no sign-in."""

from django.urls import path

from opd.views import home, invitations, reset

urlpatterns = [
    path("join/<str:token>/", invitations.join, name="join"),
    path("reset/", reset.reset, name="reset"),
    path("<government:government_slug>/", home.government_home, name="government"),
]

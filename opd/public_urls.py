"""Public pages: links and codes of accounts, posters, meetings, a government's front page."""

from django.urls import path

from opd.views import home, invitations, public_places, reset

urlpatterns = [
    path("join/<str:token>/", invitations.join, name="join"),
    path("reset/", reset.reset, name="reset"),
    path("p/<slug:token>", public_places.place, name="place"),
    path(
        "<government:government_slug>/temu/<str:public_id>/", public_places.meeting, name="meeting"
    ),
    path("<government:government_slug>/", home.government_home, name="government"),
]

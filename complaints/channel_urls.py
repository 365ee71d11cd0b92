"""Webhooks of the providers, and the IT team's pages about channels."""

from django.urls import path

from complaints.views import channels, hooks

urlpatterns = [
    path("hooks/<str:token>/", hooks.receive, name="hook"),
    path("app/channels/", channels.channel_list, name="channels"),
    path("app/channels/new/", channels.add, name="channel_add"),
    path("app/channels/<int:pk>/", channels.detail, name="channel"),
    path("app/channels/<int:pk>/secrets/", channels.rotate, name="channel_rotate"),
    path("app/channels/<int:pk>/test/", channels.test, name="channel_test"),
    path("app/channels/<int:pk>/switch/", channels.switch, name="channel_switch"),
]

from django.urls import path

from opd.views import home, status

app_name = "opd"
urlpatterns = [
    path("switch/", home.membership_switch, name="membership_switch"),
    path("status/", status.status, name="status"),
]

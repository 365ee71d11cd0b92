"""Public pages of assessments, under /<government>/; no sign-in."""

from django.urls import path

from assessments.views import unit_performance

urlpatterns = [
    # Printed in pocket books as a QR code: this address stays for ever.
    path(
        "<government:government_slug>/kinerja/<str:public_id>",
        unit_performance.unit_performance,
        name="unit_performance",
    ),
]

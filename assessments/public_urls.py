"""Public pages of assessments, under /<government>/; no sign-in."""

from django.urls import path

from assessments.views import survey_public, unit_performance

urlpatterns = [
    # Printed in pocket books as a QR code: this address stays for ever.
    path(
        "<government:government_slug>/kinerja/<str:public_id>",
        unit_performance.unit_performance,
        name="unit_performance",
    ),
    path("<government:government_slug>/survei/", survey_public.survey_list, name="survey_list"),
    # Printed on cards and slips: this address stays for ever.
    path(
        "<government:government_slug>/survei/<str:public_id>/",
        survey_public.survey,
        name="survey",
    ),
    path(
        "<government:government_slug>/survei/<str:public_id>/terima-kasih/",
        survey_public.survey_thanks,
        name="survey_thanks",
    ),
]

"""Signed-in pages of assessments, under /app/."""

from django.urls import path

from assessments.views import activities, reports, workplans

app_name = "assessments"

WORKPLANS = [
    path("workplans/", workplans.workplans, name="workplans"),
    path("workplans/zones/<int:zone_pk>/new/", workplans.workplan_new, name="workplan_new"),
    path("workplans/<int:pk>/", workplans.workplan, name="workplan"),
    path("workplans/<int:pk>/print/", workplans.workplan_print, name="workplan_print"),
    path("workplans/<int:pk>/activities/new/", activities.activity_new, name="activity_new"),
    path("workplans/activities/<int:pk>/", activities.activity, name="activity"),
    path("workplans/activities/<int:pk>/edit/", activities.activity_edit, name="activity_edit"),
    path("workplans/activities/<int:pk>/drop/", activities.activity_drop, name="activity_drop"),
    path(
        "workplans/activities/<int:pk>/restore/",
        activities.activity_restore,
        name="activity_restore",
    ),
    path("workplans/activities/<int:pk>/report/", reports.activity_report, name="activity_report"),
    path("workplans/reports/", reports.workplan_queue, name="workplan_queue"),
    path("workplans/reports/<int:pk>/withdraw/", reports.report_withdraw, name="report_withdraw"),
    path("workplans/reports/<int:pk>/confirm/", reports.report_confirm, name="report_confirm"),
    path("workplans/reports/<int:pk>/return/", reports.report_return, name="report_return"),
    path("workplans/files/<int:pk>/", reports.report_file, name="report_file"),
]

urlpatterns = [*WORKPLANS]

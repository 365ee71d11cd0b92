from django.urls import path

from reports.views import complaint_figures, dashboards, documents, schedules, transparency, verify

app_name = "reports"
urlpatterns = [
    path(
        "<government:government_slug>/transparansi/",
        transparency.transparency,
        name="transparency",
    ),
    path(
        "<government:government_slug>/transparansi.json",
        transparency.transparency_data,
        name="transparency_data",
    ),
    path(
        "<government:government_slug>/pengaduan/",
        complaint_figures.complaint_figures,
        name="complaint_figures",
    ),
    path("verify/<str:public_id>", verify.verify, name="verify"),
    path("app/mayor/", dashboards.mayor, name="mayor"),
    path("app/sekda/", dashboards.sekda, name="sekda"),
    path("app/documents/", documents.document_list, name="documents"),
    path("app/documents/new/", documents.document_new, name="document_new"),
    path("app/documents/schedule/", schedules.schedule, name="schedule"),
    path("app/documents/schedule/pause/", schedules.pause, name="schedule_pause"),
    path("app/documents/schedule/resume/", schedules.resume, name="schedule_resume"),
    path("app/documents/<int:pk>/", documents.document_page, name="document"),
    path("app/documents/<int:pk>/file/", documents.document_file, name="document_file"),
    path("app/documents/<int:pk>/cancel/", documents.document_cancel, name="document_cancel"),
    path("app/documents/<int:pk>/retry/", documents.document_retry, name="document_retry"),
]

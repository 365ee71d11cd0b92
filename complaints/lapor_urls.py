"""Signed in, under /app/complaints/: other systems, figures, the monthly report."""

from django.urls import path

from complaints.views import external, lapor_imports, reports, statistics

urlpatterns = [
    path("lapor/", lapor_imports.lapor_import, name="lapor_import"),
    path("lapor/template/", lapor_imports.lapor_template, name="lapor_template"),
    path("lapor/differences/", external.differences, name="differences"),
    path("lapor/<int:pk>/", lapor_imports.lapor_preview, name="lapor_preview"),
    path("cases/<int:pk>/", external.case_edit, name="case_edit"),
    path("cases/<int:pk>/unlink/", external.case_unlink, name="case_unlink"),
    path("cases/<int:pk>/settle/", external.settle, name="case_settle"),
    path("<int:pk>/cases/new/", external.case_new, name="case_new"),
    path("<int:pk>/category/", external.category, name="category"),
    path("statistics/", statistics.statistics, name="statistics"),
    path("statistics/csv/", statistics.statistics_csv, name="statistics_csv"),
    path("report/", reports.report, name="report"),
    path("report/words/", reports.report_words, name="report_words"),
    path("report/pdf/", reports.report_pdf, name="report_pdf"),
    path("report/<int:pk>/file/", reports.report_file, name="report_file"),
    path("report/xlsx/", reports.report_xlsx, name="report_xlsx"),
]

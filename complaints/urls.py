"""Public: /<government>/lapor/ and /<government>/lacak/. Signed in: /app/complaints/."""

from django.urls import include, path

from complaints import channel_urls, lapor_urls
from complaints.views import (
    after_answer,
    answer_templates,
    bulk,
    counter,
    filing,
    receipt,
    similar,
    staff,
    steps,
    stickers,
    suggestions,
    tracking,
)

app_name = "complaints"

public_patterns = [
    path("lapor/", filing.privacy, name="privacy"),
    path("lapor/<int:number>/", filing.step, name="step"),
    path("lapor/serupa/", similar.similar, name="similar"),
    path("lapor/periksa/", filing.check, name="check"),
    path("lapor/tanda-terima/", receipt.receipt, name="receipt"),
    path("lapor/stiker/<slug:token>/", stickers.sticker, name="sticker"),
    path("lapor/tutup/", filing.leave, name="leave"),
    path("saran/", suggestions.suggestion, name="suggestion"),
    path("lacak/", tracking.track, name="track"),
    path("lacak/kode/", tracking.resend, name="resend"),
    path("lacak/ikut/", tracking.following, name="following"),
    path("lacak/laporan/", tracking.followed, name="followed"),
    path("lacak/laporan/pesan/", tracking.write, name="write"),
    path("lacak/laporan/belum-selesai/", tracking.not_settled, name="not_settled"),
    path("lacak/laporan/puas/", after_answer.contentment, name="contentment"),
    path("lacak/laporan/berkas/<int:file_pk>/", after_answer.answer_file, name="answer_file"),
]
staff_patterns = [
    path("", staff.complaint_list, name="list"),
    path("file/", counter.file, name="counter"),
    path("filed/", counter.filed, name="counter_filed"),
    path("slips/", counter.slips, name="counter_slips"),
    path("export.csv", staff.export_csv, name="export"),
    path("bulk/", bulk.bulk, name="bulk"),
    path("templates/", answer_templates.template_list, name="templates"),
    path("templates/new/", answer_templates.template_new, name="template_new"),
    path("templates/<int:pk>/", answer_templates.template_edit, name="template_edit"),
    path("templates/<int:pk>/end/", answer_templates.template_end, name="template_end"),
    path("<int:pk>/files/<int:file_pk>/", steps.evidence, name="evidence"),
    path("<int:pk>/files/<int:file_pk>/hide/", steps.hide_evidence, name="hide_evidence"),
    path("<int:pk>/", staff.detail, name="detail"),
    path("<int:pk>/identity/", staff.identity, name="identity"),
    path("<int:pk>/<slug:verb>/", steps.take, name="step_of"),
]
urlpatterns = [
    *channel_urls.urlpatterns,
    path("<government:government_slug>/", include(public_patterns)),
    path("app/complaints/", include(lapor_urls.urlpatterns)),
    path("app/complaints/", include(staff_patterns)),
]

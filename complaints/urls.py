"""Public: /<government>/lapor/ and /<government>/lacak/. Signed in: /app/complaints/."""

from django.urls import include, path

from complaints import channel_urls
from complaints.views import counter, filing, staff, steps, tracking

app_name = "complaints"

public_patterns = [
    path("lapor/", filing.privacy, name="privacy"),
    path("lapor/<int:number>/", filing.step, name="step"),
    path("lapor/periksa/", filing.check, name="check"),
    path("lapor/tanda-terima/", filing.receipt, name="receipt"),
    path("lapor/tutup/", filing.leave, name="leave"),
    path("lacak/", tracking.track, name="track"),
    path("lacak/laporan/", tracking.followed, name="followed"),
    path("lacak/laporan/pesan/", tracking.write, name="write"),
    path("lacak/laporan/belum-selesai/", tracking.not_settled, name="not_settled"),
]
staff_patterns = [
    path("", staff.complaint_list, name="list"),
    path("file/", counter.file, name="counter"),
    path("filed/", counter.filed, name="counter_filed"),
    path("<int:pk>/", staff.detail, name="detail"),
    path("<int:pk>/identity/", staff.identity, name="identity"),
    path("<int:pk>/<slug:verb>/", steps.take, name="step_of"),
]
urlpatterns = [
    *channel_urls.urlpatterns,
    path("<government:government_slug>/", include(public_patterns)),
    path("app/complaints/", include(staff_patterns)),
]

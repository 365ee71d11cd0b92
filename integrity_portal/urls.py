"""Composes everything; imported by nobody. Public: /<government>/…; signed in: /app/…"""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path, register_converter

from integrity_portal.core import health
from opd.converters import GovernmentSlug
from opd.views import home

register_converter(GovernmentSlug, "government")
admin.autodiscover()
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", home.home, name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("theme/<government:government_slug>.css", home.theme, name="theme"),
    path("accounts/", include("opd.account_urls")),
    path("admin/", admin.site.urls),
    path("app/", include("opd.urls")),
    path("", include("opd.public_urls")),
    path("app/", include("assessments.urls")),
    path("", include("assessments.public_urls")),
    path("", include("complaints.urls")),
    path("", include("reports.urls")),
]

handler400 = "integrity_portal.core.errors.bad_request"
handler403 = "integrity_portal.core.errors.permission_denied"
handler404 = "opd.views.home.page_not_found"
handler500 = "integrity_portal.core.errors.server_error"

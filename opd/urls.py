from django.urls import path

from opd.views import home, status, unit_changes, unit_details, unit_imports, units

app_name = "opd"
urlpatterns = [
    path("switch/", home.membership_switch, name="membership_switch"),
    path("units/", units.unit_list, name="unit_list"),
    path("units/<int:unit_id>/", units.unit_detail, name="unit"),
    path("units/add/", unit_changes.unit_add, name="unit_add"),
    path("units/merge/", unit_changes.unit_merge, name="unit_merge"),
    path("units/<int:unit_id>/edit/", unit_changes.unit_edit, name="unit_edit"),
    path("units/<int:unit_id>/rename/", unit_changes.unit_rename, name="unit_rename"),
    path("units/<int:unit_id>/close/", unit_changes.unit_close, name="unit_close"),
    path("units/<int:unit_id>/duties/", unit_details.unit_duties, name="unit_duties"),
    path("units/<int:unit_id>/services/add/", unit_details.service_add, name="service_add"),
    path("units/<int:unit_id>/facts/add/", unit_details.unit_fact_add, name="unit_fact_add"),
    path("services/<int:service_id>/", unit_details.service_edit, name="service_edit"),
    path("services/<int:service_id>/remove/", unit_details.service_remove, name="service_remove"),
    path("facts/", unit_details.fact_list, name="fact_list"),
    path("facts/add/", unit_details.fact_add, name="fact_add"),
    path("facts/<int:fact_id>/", unit_details.fact_edit, name="fact_edit"),
    path("facts/<int:fact_id>/remove/", unit_details.fact_remove, name="fact_remove"),
    path("units/kinds/", unit_details.kind_rules, name="kind_rules"),
    path("units/import/", unit_imports.import_upload, name="unit_import_upload"),
    path("units/import/list.csv", unit_imports.unit_csv, name="unit_csv"),
    path("units/import/<int:import_id>/", unit_imports.import_preview, name="unit_import"),
    path(
        "units/import/<int:import_id>/confirm/",
        unit_imports.import_confirm,
        name="unit_import_confirm",
    ),
    path(
        "units/import/<int:import_id>/discard/",
        unit_imports.import_discard,
        name="unit_import_discard",
    ),
    path(
        "units/import/<int:import_id>/refused.csv",
        unit_imports.import_refused,
        name="unit_import_refused",
    ),
    path("status/", status.status, name="status"),
]

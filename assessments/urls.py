"""Signed-in pages of assessments, under /app/."""

from django.urls import path

from assessments.views import (
    activities,
    corrections,
    coverage,
    declarations,
    decrees,
    pacts,
    programme,
    reports,
    signatories,
    signing,
    workplans,
    zones,
)

app_name = "assessments"

DECLARATION = "declarations/<int:pk>/"
SIGNATORY = f"{DECLARATION}signatories/<int:signatory>/"

ACTS = [
    path("programme/", programme.programme, name="programme"),
    path("coverage/", coverage.coverage, name="coverage"),
    path("zones/", zones.zone_list, name="zones"),
    path("zones/<int:pk>/", zones.zone, name="zone"),
    path("zones/<int:pk>/build/", zones.start_building, name="zone_build"),
    path("zones/predicates/new/", zones.predicate_new, name="predicate_new"),
    path("declarations/", declarations.declaration_list, name="declarations"),
    path("declarations/new/", declarations.declaration_new, name="declaration_new"),
    path(DECLARATION, declarations.declaration, name="declaration"),
    path(f"{DECLARATION}edit/", declarations.declaration_edit, name="declaration_edit"),
    path(f"{DECLARATION}units/", declarations.declaration_units, name="declaration_units"),
    path(f"{DECLARATION}lines/", declarations.declaration_lines, name="declaration_lines"),
    path(
        f"{DECLARATION}steps/<slug:name>/", declarations.declaration_step, name="declaration_step"
    ),
    path(f"{DECLARATION}piagam/", declarations.piagam, name="piagam"),
    path(f"{DECLARATION}reopen/", corrections.declaration_reopen, name="declaration_reopen"),
    path(f"{DECLARATION}text/", corrections.declaration_text, name="declaration_text"),
    path(f"{DECLARATION}discard/", corrections.declaration_discard, name="declaration_discard"),
    path(f"{DECLARATION}sign/", signing.sign, name="declaration_sign"),
    path(f"{DECLARATION}signatories/new/", signatories.signatory_new, name="signatory_new"),
    path(SIGNATORY, signatories.signatory_edit, name="signatory"),
    path(f"{SIGNATORY}move/", signatories.signatory_move, name="signatory_move"),
    path(f"{SIGNATORY}remove/", signatories.signatory_remove, name="signatory_remove"),
    path(f"{SIGNATORY}wet/", signing.record_wet, name="signature_wet"),
    path(f"{SIGNATORY}certified/", signing.record_certified, name="signature_certified"),
    path(f"{SIGNATORY}scan/", signing.attach_scan, name="signature_scan"),
    path(f"{SIGNATORY}withdraw/", signing.withdraw, name="signature_withdraw"),
    path(
        f"{DECLARATION}signatures/<int:signature>/file/",
        signing.signature_file,
        name="signature_file",
    ),
    path("decrees/", decrees.decree_list, name="decrees"),
    path("decrees/new/", decrees.decree_new, name="decree_new"),
    path("decrees/<int:pk>/", decrees.decree, name="decree"),
    path("decrees/<int:pk>/file/", decrees.decree_file, name="decree_file"),
    path("decrees/<int:pk>/correct/", decrees.decree_correct, name="decree_correct"),
    path(
        "decrees/<int:pk>/corrections/<int:correction>/file/",
        decrees.decree_former_file,
        name="decree_former_file",
    ),
]
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

PACTS = [
    path("pacts/", pacts.pacts, name="pacts"),
    path("pacts/mine/", pacts.my_pact, name="my_pact"),
    path("pacts/mine/sign/", pacts.pact_sign, name="pact_sign"),
    path("pacts/units/<int:unit_id>/", pacts.unit_pacts, name="unit_pacts"),
    path("pacts/units/<int:unit_id>/record/", pacts.pact_record, name="pact_record"),
    path("pacts/units/<int:unit_id>/pdf/", pacts.pact_list_pdf, name="pact_list_pdf"),
    path("pacts/<int:pk>/withdraw/", pacts.pact_withdraw, name="pact_withdraw"),
    path("pacts/<int:pk>/pdf/", pacts.pact_pdf, name="pact_pdf"),
    path("pacts/scans/<int:pk>/", pacts.pact_scan, name="pact_scan"),
]

urlpatterns = [*ACTS, *WORKPLANS]
urlpatterns += PACTS

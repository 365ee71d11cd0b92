"""Signed-in pages of assessments, under /app/."""

from django.urls import path

from assessments.views import (
    activities,
    corrections,
    coverage,
    declarations,
    decrees,
    phases,
    pilots,
    preparation,
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

PREPARATION = [
    path("preparation/", preparation.preparation_list, name="preparation"),
    path("preparation/csv/", preparation.preparation_csv, name="preparation_csv"),
    path("preparation/proofs/<int:pk>/", preparation.preparation_proof, name="preparation_proof"),
    path("preparation/units/<int:unit_id>/", preparation.preparation_unit, name="preparation_unit"),
    path(
        "preparation/units/<int:unit_id>/<slug:step>/",
        preparation.preparation_step,
        name="preparation_step",
    ),
    path("phases/", phases.phases, name="phases"),
    path("phases/move/", phases.phases_move, name="phases_move"),
]
PILOTS = [
    path("pilots/", pilots.pilot_list, name="pilots"),
    path("pilots/new/", pilots.pilot_new, name="pilot_new"),
    path("pilots/<int:pk>/", pilots.pilot, name="pilot"),
    path("pilots/<int:pk>/factors/<slug:factor>/", pilots.pilot_factor, name="pilot_factor"),
    path("pilots/<int:pk>/units/<int:unit_id>/", pilots.pilot_unit, name="pilot_unit"),
    path("pilots/<int:pk>/decide/", pilots.pilot_decide, name="pilot_decide"),
    path("pilots/<int:pk>/correct/", pilots.pilot_correct, name="pilot_correct"),
    path("pilots/<int:pk>/discard/", pilots.pilot_discard, name="pilot_discard"),
]

urlpatterns = [*ACTS, *WORKPLANS, *PREPARATION, *PILOTS]

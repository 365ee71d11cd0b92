from django.urls import path

from assessments.views import coverage, declarations, decrees, signatories, signing, zones

app_name = "assessments"

DECLARATION = "declarations/<int:pk>/"
SIGNATORY = f"{DECLARATION}signatories/<int:signatory>/"

urlpatterns = [
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
]

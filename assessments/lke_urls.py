"""Signed-in pages of work-sheets (LKE), under /app/lke/."""

from django.urls import path

from assessments.views import (
    comparisons,
    evidence,
    evidence_bulk,
    evidence_places,
    evidence_uploads,
    improvements,
    instruments,
    review_minutes,
    sheet_checks,
    tpn_scores,
    what_if,
    worksheet_editions,
    worksheet_files,
    worksheet_queue,
    worksheet_reviews,
    worksheets,
)

LKE = "lke/<int:pk>/"

WORKSHEETS = [
    path("lke/", worksheets.worksheet_list, name="worksheets"),
    path("lke/tasks/", worksheets.worksheet_tasks, name="worksheet_tasks"),
    path("lke/turn/", worksheet_queue.worksheet_queue, name="worksheet_queue"),
    path("lke/turn/take/", worksheet_queue.worksheet_queue_take, name="worksheet_queue_take"),
    path("zones/<int:zone_pk>/lke/", worksheets.zone_worksheets, name="zone_worksheets"),
    path(LKE, worksheets.worksheet, name="worksheet"),
    path(f"{LKE}parts/<str:part>/", worksheets.worksheet_part, name="worksheet_part"),
    path(f"{LKE}edition/", worksheet_editions.worksheet_edition, name="worksheet_edition"),
    path(f"{LKE}share/", worksheets.worksheet_share, name="worksheet_share"),
    path(f"{LKE}answers/<str:code>/", worksheets.worksheet_answer, name="worksheet_answer"),
    path(
        f"{LKE}answers/<str:code>/confirm/", worksheets.worksheet_confirm, name="worksheet_confirm"
    ),
    path(
        f"{LKE}questions/<str:code>/",
        worksheet_reviews.worksheet_question,
        name="worksheet_question",
    ),
    path(
        f"{LKE}questions/<str:code>/<slug:name>/",
        worksheet_reviews.worksheet_item_step,
        name="worksheet_item_step",
    ),
    path(f"{LKE}result/", worksheet_reviews.worksheet_result, name="worksheet_result"),
    path(f"{LKE}minutes/", review_minutes.worksheet_minutes, name="worksheet_minutes"),
    path("lke/minutes/<int:pk>/sign/", review_minutes.minutes_sign, name="minutes_sign"),
    path("lke/minutes/<int:pk>/print/", review_minutes.minutes_print, name="minutes_print"),
    path("lke/minutes/scans/<int:pk>/", review_minutes.minutes_scan, name="minutes_scan"),
    path(
        "lke/minutes/<int:pk>/scan/new/", review_minutes.minutes_scan_new, name="minutes_scan_new"
    ),
    path(f"{LKE}tpn/", tpn_scores.worksheet_tpn, name="worksheet_tpn"),
    path(f"{LKE}tpn/follow/", tpn_scores.worksheet_tpn_follow, name="worksheet_tpn_follow"),
    path("lke/letters/<int:pk>/", tpn_scores.tpn_letter_file, name="tpn_letter_file"),
    path(f"{LKE}review/", worksheet_reviews.worksheet_review, name="worksheet_review"),
    path(f"{LKE}review/agree/", worksheet_reviews.worksheet_agree, name="worksheet_agree"),
    path(f"{LKE}review/<slug:name>/", worksheet_reviews.worksheet_step, name="worksheet_step"),
]

EXCEL = [
    path(f"{LKE}export/", worksheet_files.worksheet_export, name="worksheet_export"),
    path(f"{LKE}import/", worksheet_files.worksheet_import, name="worksheet_import"),
    path(
        f"{LKE}import/<int:preview>/",
        worksheet_files.worksheet_import_preview,
        name="worksheet_import_preview",
    ),
]

PLANNING = [
    path(f"{LKE}plan/", improvements.worksheet_plan, name="worksheet_plan"),
    path(f"{LKE}plan/effort/", improvements.worksheet_effort, name="worksheet_effort"),
    path(f"{LKE}check/", sheet_checks.worksheet_check, name="worksheet_check"),
    path(f"{LKE}compare/", comparisons.worksheet_compare, name="worksheet_compare"),
    path(f"{LKE}what-if/", what_if.worksheet_what_if, name="worksheet_what_if"),
]

PROOFS = "lke/evidence/"
PROOF = f"{LKE}evidence/<int:use>/"

EVIDENCE = [
    path(PROOFS, evidence.evidence_list, name="evidence"),
    path(f"{PROOFS}uploads/", evidence_uploads.evidence_upload_new, name="evidence_upload_new"),
    path(
        f"{PROOFS}uploads/<str:public_id>/",
        evidence_uploads.evidence_upload,
        name="evidence_upload",
    ),
    path(f"{PROOFS}new/", evidence.evidence_new, name="evidence_new"),
    path(f"{PROOFS}<int:pk>/", evidence.evidence_document, name="evidence_document"),
    path(f"{PROOFS}<int:pk>/edit/", evidence.evidence_edit, name="evidence_edit"),
    path(f"{PROOFS}<int:pk>/revise/", evidence.evidence_revise, name="evidence_revise"),
    path(f"{PROOFS}<int:pk>/smaller/", evidence.evidence_smaller, name="evidence_smaller"),
    path(f"{PROOFS}<int:pk>/choose/", evidence.evidence_choose, name="evidence_choose"),
    path(f"{PROOFS}revisions/<int:pk>/", evidence.evidence_file, name="evidence_file"),
    path(f"{PROOFS}examples/<int:pk>/", evidence.evidence_example, name="evidence_example"),
    path(
        f"{PROOFS}examples/<int:pk>/withdraw/",
        evidence.evidence_example_withdraw,
        name="evidence_example_withdraw",
    ),
    path(f"{LKE}evidence/", evidence_places.evidence_missing, name="evidence_missing"),
    path(f"{LKE}evidence/bulk/", evidence_bulk.evidence_bulk, name="evidence_bulk"),
    path(f"{LKE}evidence/add/<str:code>/", evidence_places.evidence_add, name="evidence_add"),
    path(PROOF, evidence_places.evidence_use, name="evidence_use"),
    path(f"{PROOF}file/", evidence_places.evidence_use_file, name="evidence_use_file"),
    path(f"{PROOF}detach/", evidence_places.evidence_detach, name="evidence_detach"),
    path(f"{PROOF}verdict/", evidence_places.evidence_verdict, name="evidence_verdict"),
    path(f"{PROOF}release/", evidence_places.evidence_release, name="evidence_release"),
]

INSTRUMENT = "lke/instruments/<int:pk>/"

INSTRUMENTS = [
    path("lke/instruments/", instruments.instrument_list, name="instruments"),
    path(INSTRUMENT, instruments.instrument, name="instrument"),
    path(f"{INSTRUMENT}diff/<int:other>/", instruments.instrument_diff, name="instrument_diff"),
]

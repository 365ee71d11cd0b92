"""Signed-in pages of surveys, under /app/surveys/."""

from django.urls import path

from assessments.views import survey_follow_ups, survey_rounds, surveys

ROUND = "surveys/<int:pk>/"
PLAN = "surveys/follow-ups/<int:pk>/"

SURVEYS = [
    path("surveys/", surveys.surveys, name="surveys"),
    path("surveys/csv/", surveys.surveys_csv, name="surveys_csv"),
    path("surveys/all/", surveys.surveys_overview, name="surveys_overview"),
    path("surveys/bulk/", survey_rounds.surveys_bulk, name="surveys_bulk"),
    path("surveys/units/<int:unit_pk>/new/", survey_rounds.survey_new, name="survey_new"),
    path(ROUND, surveys.survey_round, name="survey_round"),
    path(f"{ROUND}edit/", survey_rounds.survey_edit, name="survey_edit"),
    path(f"{ROUND}discard/", surveys.survey_discard, name="survey_discard"),
    path(f"{ROUND}steps/<slug:name>/", surveys.survey_step, name="survey_step"),
    path(f"{ROUND}codes/", survey_rounds.survey_codes, name="survey_codes"),
    path(f"{ROUND}receipts/", survey_rounds.survey_receipts, name="survey_receipts"),
    path(f"{ROUND}comments/", survey_rounds.survey_comments, name="survey_comments"),
    path(f"{ROUND}export/<slug:kind>/", surveys.survey_export, name="survey_export"),
    path(f"{ROUND}papers/<slug:kind>/", surveys.survey_paper, name="survey_paper"),
    path(
        f"{ROUND}follow-ups/new/",
        survey_follow_ups.survey_follow_up_new,
        name="survey_follow_up_new",
    ),
    path(f"{PLAN}edit/", survey_follow_ups.survey_follow_up_edit, name="survey_follow_up_edit"),
    path(
        f"{PLAN}remove/",
        survey_follow_ups.survey_follow_up_remove,
        name="survey_follow_up_remove",
    ),
    path(
        "lke/<int:pk>/answers/<str:code>/survey/",
        survey_follow_ups.worksheet_survey,
        name="worksheet_survey",
    ),
]

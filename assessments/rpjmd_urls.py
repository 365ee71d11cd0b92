"""Signed-in pages of the RPJMD, under /app/figures/ and /app/rpjmd/."""

from django.urls import URLPattern, path

from assessments.views import booklets

RPJMD = "rpjmd/<int:pk>/"

# What units report and planners verify.
FIGURES: list[URLPattern] = []

# Reading a plan: its tree, an indicator, comparisons, gaps.
PLANS: list[URLPattern] = []

# Writing a plan: texts, nodes, indicators, targets, revisions, papers.
KEEPING: list[URLPattern] = []

# Indicator tables that arrive as Excel.
IMPORTS: list[URLPattern] = []

# E.81, E.60, E.58 and the figures of the head's report.
EXPORTS: list[URLPattern] = []

# Pocket books and the summary of a plan.
BOOKLETS: list[URLPattern] = [
    path(f"{RPJMD}booklets/", booklets.booklets, name="rpjmd_booklets"),
    path(f"{RPJMD}booklets/all/", booklets.booklets_all, name="rpjmd_booklets_all"),
    path(f"{RPJMD}booklets/progress/", booklets.booklets_progress, name="rpjmd_booklets_progress"),
    path(f"{RPJMD}booklets/zip/", booklets.booklets_zip, name="rpjmd_booklets_zip"),
    path(f"{RPJMD}booklets/units/<int:unit_pk>/", booklets.booklet_new, name="rpjmd_booklet_new"),
    path(
        f"{RPJMD}booklets/runs/<int:run_pk>/cancel/",
        booklets.booklets_cancel,
        name="rpjmd_booklets_cancel",
    ),
    path(
        f"{RPJMD}booklets/runs/<int:run_pk>/retry/",
        booklets.booklets_retry,
        name="rpjmd_booklets_retry",
    ),
    path(f"{RPJMD}summary/", booklets.summary, name="rpjmd_summary"),
]

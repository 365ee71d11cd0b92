"""Signed-in pages of the RPJMD, under /app/figures/ and /app/rpjmd/."""

from django.urls import URLPattern, path

from assessments.views import rpjmd_exports

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
EXPORTS: list[URLPattern] = [
    path(RPJMD + "exports/", rpjmd_exports.rpjmd_exports, name="rpjmd_exports"),
    path(RPJMD + "e81/", rpjmd_exports.rpjmd_e81, name="rpjmd_e81"),
    path(RPJMD + "e60/", rpjmd_exports.rpjmd_e60, name="rpjmd_e60"),
    path(RPJMD + "e58/", rpjmd_exports.rpjmd_e58, name="rpjmd_e58"),
    path(RPJMD + "lkpj/", rpjmd_exports.rpjmd_lkpj, name="rpjmd_lkpj"),
    path(RPJMD + "lkpj/xlsx/", rpjmd_exports.rpjmd_lkpj_xlsx, name="rpjmd_lkpj_xlsx"),
    path(RPJMD + "lkpj/pdf/", rpjmd_exports.rpjmd_lkpj_pdf, name="rpjmd_lkpj_pdf"),
]

# Pocket books and the summary of a plan.
BOOKLETS: list[URLPattern] = []

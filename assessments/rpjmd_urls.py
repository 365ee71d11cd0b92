"""Signed-in pages of the RPJMD, under /app/figures/ and /app/rpjmd/."""

from django.urls import URLPattern, path

from assessments.views import figure_pages, figure_queue, figures, rpjmd_exports

RPJMD = "rpjmd/<int:pk>/"

# What units report and planners verify.
FIGURE = "figures/<int:pk>/<int:year>/<int:quarter>/"
FIGURES = [
    path("figures/", figures.figures, name="figures"),
    path("figures/units/<int:pk>/", figures.figures_of_unit, name="figures_of_unit"),
    path("figures/units/<int:pk>/send/", figures.figures_send, name="figures_send"),
    path("figures/queue/", figure_queue.figures_queue, name="figures_queue"),
    path("figures/queue/verify/", figure_queue.figures_verify, name="figures_verify"),
    path(FIGURE, figure_pages.figure, name="figure"),
    path(f"{FIGURE}save/", figures.figure_save, name="figure_save"),
    path("figures/values/<int:pk>/", figure_pages.measurement, name="measurement"),
    path("figures/values/<int:pk>/send/", figure_pages.figure_send, name="figure_send"),
    path("figures/values/<int:pk>/withdraw/", figure_pages.figure_withdraw, name="figure_withdraw"),
    path("figures/values/<int:pk>/verify/", figure_pages.figure_verify, name="figure_verify"),
    path("figures/values/<int:pk>/return/", figure_pages.figure_return, name="figure_return"),
    path("figures/values/<int:pk>/unlock/", figure_pages.figure_unlock, name="figure_unlock"),
    path("figures/files/<int:pk>/", figure_pages.figure_file, name="figure_file"),
]

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

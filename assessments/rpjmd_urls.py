"""Signed-in pages of the RPJMD, under /app/figures/ and /app/rpjmd/."""

from django.urls import URLPattern, path

from assessments.views import figure_pages, figure_queue, figures, indicator_imports

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
IMPORTS = [
    path(f"{RPJMD}import/", indicator_imports.rpjmd_import, name="rpjmd_import"),
    path(f"{RPJMD}import/template/", indicator_imports.rpjmd_template, name="rpjmd_template"),
    path(f"{RPJMD}import/table/", indicator_imports.rpjmd_table, name="rpjmd_table"),
    path(
        f"{RPJMD}import/<int:preview>/",
        indicator_imports.rpjmd_import_preview,
        name="rpjmd_import_preview",
    ),
]

# E.81, E.60, E.58 and the figures of the head's report.
EXPORTS: list[URLPattern] = []

# Pocket books and the summary of a plan.
BOOKLETS: list[URLPattern] = []

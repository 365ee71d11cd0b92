"""Signed-in pages of the RPJMD, under /app/figures/ and /app/rpjmd/."""

from django.urls import URLPattern, path

from assessments.views import (
    booklets,
    figure_pages,
    figure_queue,
    figures,
    indicator_imports,
    rpjmd,
    rpjmd_compare,
    rpjmd_exports,
    rpjmd_indicator,
    rpjmd_papers,
    rpjmd_plans,
    rpjmd_tree,
)

RPJMD = "rpjmd/<int:pk>/"
NODE = "rpjmd/nodes/<int:pk>/"
INDICATOR = "rpjmd/indicators/<int:pk>/"

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
PLANS: list[URLPattern] = [
    path("rpjmd/", rpjmd.plan_list, name="rpjmd"),
    path(RPJMD, rpjmd.plan, name="rpjmd_plan"),
    path(f"{RPJMD}nodes/<int:node>/", rpjmd.node, name="rpjmd_node"),
    path(f"{RPJMD}compare/", rpjmd_compare.compare, name="rpjmd_compare"),
    path(f"{RPJMD}gaps/", rpjmd.gaps, name="rpjmd_gaps"),
    path("rpjmd/indicators/<int:pk>/", rpjmd_indicator.indicator, name="indicator"),
]

# Writing a plan: texts, nodes, indicators, targets, revisions, papers.
KEEPING = [
    path("rpjmd/new/", rpjmd_plans.rpjmd_new, name="rpjmd_new"),
    path(f"{RPJMD}keep/", rpjmd_plans.rpjmd_keep, name="rpjmd_keep"),
    path(f"{RPJMD}edit/", rpjmd_plans.rpjmd_edit, name="rpjmd_edit"),
    path(f"{RPJMD}adopt/", rpjmd_plans.rpjmd_adopt, name="rpjmd_adopt"),
    path(f"{RPJMD}discard/", rpjmd_plans.rpjmd_discard, name="rpjmd_discard"),
    path(f"{RPJMD}steps/<slug:name>/", rpjmd_plans.rpjmd_step, name="rpjmd_step"),
    path(f"{RPJMD}revisions/new/", rpjmd_plans.revision_new, name="revision_new"),
    path("rpjmd/revisions/<int:pk>/adopt/", rpjmd_plans.revision_adopt, name="revision_adopt"),
    path(
        "rpjmd/revisions/<int:pk>/discard/", rpjmd_plans.revision_discard, name="revision_discard"
    ),
    path(f"{RPJMD}nodes/new/", rpjmd_tree.node_new, name="node_new"),
    path(f"{NODE}edit/", rpjmd_tree.node_edit, name="node_edit"),
    path(f"{NODE}drop/", rpjmd_tree.node_drop, name="node_drop"),
    path(f"{NODE}budget/", rpjmd_tree.node_budget, name="node_budget"),
    path(f"{NODE}indicators/new/", rpjmd_tree.indicator_new, name="indicator_new"),
    path(f"{INDICATOR}edit/", rpjmd_tree.indicator_edit, name="indicator_edit"),
    path(f"{INDICATOR}drop/", rpjmd_tree.indicator_drop, name="indicator_drop"),
    path(f"{INDICATOR}targets/", rpjmd_tree.indicator_targets, name="indicator_targets"),
    path(f"{RPJMD}papers/new/", rpjmd_papers.plan_paper_new, name="plan_paper_new"),
    path("rpjmd/papers/<int:pk>/edit/", rpjmd_papers.plan_paper_edit, name="plan_paper_edit"),
    path("rpjmd/papers/<int:pk>/remove/", rpjmd_papers.plan_paper_remove, name="plan_paper_remove"),
    path("rpjmd/papers/<int:pk>/file/", rpjmd_papers.plan_paper_file, name="plan_paper_file"),
]

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

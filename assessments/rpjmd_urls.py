"""Signed-in pages of the RPJMD, under /app/figures/ and /app/rpjmd/."""

from django.urls import URLPattern, path

from assessments.views import rpjmd, rpjmd_compare, rpjmd_indicator

RPJMD = "rpjmd/<int:pk>/"

# What units report and planners verify.
FIGURES: list[URLPattern] = []

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
KEEPING: list[URLPattern] = []

# Indicator tables that arrive as Excel.
IMPORTS: list[URLPattern] = []

# E.81, E.60, E.58 and the figures of the head's report.
EXPORTS: list[URLPattern] = []

# Pocket books and the summary of a plan.
BOOKLETS: list[URLPattern] = []

"""Signed-in pages of the RPJMD, under /app/figures/ and /app/rpjmd/."""

from django.urls import URLPattern

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
BOOKLETS: list[URLPattern] = []

"""What leaves the portal about a plan as Excel: E.81, E.60, E.58 and the head's report (LKPJ).

Rows come from `queries.plan_exports` and `queries.head_report`; `columns` says how the official
forms head their columns, `sheets` writes what all have in common.
"""

"""Tables of indicators as planners keep them in Excel: one row an indicator, years as columns.

values → what one cell says; headings → which column is which; tree → the line of the plan that a
row belongs to; reading → the rows and every error; comparing → what they would change; writing →
a template, and the plan's own table. Pure: no ORM, no clock. What opens a file safely is
`assessments.excel.grid`.
"""

"""Work-sheets as Excel files in the official columns: written with live formulas, read back with
every tolerance that filled sheets need. Pure: no ORM, no clock.

layout → the rows of a sheet; writing → a workbook; grid → what stands in a file; columns, places,
cells → where and what it means; reading → the answers and every error; plan → what they change.
"""

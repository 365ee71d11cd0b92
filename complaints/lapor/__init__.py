"""The export of SP4N-LAPOR! (or of a local system): one row a report, columns in any order.

words → how words are compared; terms → the data file; values → what one cell says; reading → rows
and faults; comparing → what they would change; keeping → between preview and confirmation; writing
→ a template. Pure: no ORM, no clock.
"""

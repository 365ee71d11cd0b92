"""Reads of zones and acts, scoped to the caller; one file per noun."""

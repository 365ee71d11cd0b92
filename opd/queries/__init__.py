"""Reads of the registry and of people, scoped to the caller; one file per noun."""

from opd.queries.governments import government_by_slug, governments
from opd.queries.people import memberships_around

__all__ = ["government_by_slug", "governments", "memberships_around"]

"""Placeholder."""

from datetime import date


def load(today: date) -> None:
    """Nothing yet."""

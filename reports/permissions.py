"""Who may see what leaders read. Pure: no queries."""

from typing import Any

from opd.enums import Role
from opd.models import Membership
from reports.enums import Variant

READERS = {Variant.MAYOR: Role.MAYOR, Variant.SEKDA: Role.SEKDA}


def is_mayor(membership: Membership) -> bool:
    """The regional head alone, by the office held today."""
    return membership.role == Role.MAYOR


def is_sekda(membership: Membership) -> bool:
    """The regional secretary alone."""
    return membership.role == Role.SEKDA


def may_read_progress(membership: Membership, document: Any) -> bool:
    """Each variant has one reader: the mayor's report the mayor, the Sekda's the Sekda."""
    return may_ask_for_progress(membership, document.variant)


def may_ask_for_progress(membership: Membership, variant: str) -> bool:
    """The same person who reads it."""
    return READERS.get(variant) == membership.role  # type: ignore[call-overload,no-any-return]


def variant_of(membership: Membership) -> Variant | None:
    """The report that this office reads, whose schedule it decides; None for all others."""
    return next((variant for variant, role in READERS.items() if role == membership.role), None)


def is_progress_reader(membership: Membership) -> bool:
    return membership.role in READERS.values()

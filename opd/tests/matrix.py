"""The doors of the registry and of people."""

from opd.enums import Role
from opd.tests.doors import Door

EVERYBODY = frozenset(Role.values)

MATRIX = [
    Door("opd:membership_switch", allowed=EVERYBODY, method="post"),
    Door("opd:status", allowed=frozenset({Role.IT_TEAM, Role.ADMINISTRATOR})),
]

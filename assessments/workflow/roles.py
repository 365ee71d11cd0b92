"""Who stands in the tables of steps."""

from opd.enums import GOVERNMENT_ROLES, UNIT_ROLES, Role

SECRETARIAT = {Role.ZI_SECRETARIAT}
# Whoever records a merger or a split; the road of the unit goes on by itself then.
REGISTRARS = frozenset({Role.ZI_SECRETARIAT, Role.ADMINISTRATOR})
_SECRETARIAT = frozenset(SECRETARIAT)

UNIT_WRITERS = {Role.OPD_OPERATOR, Role.OPD_HEAD}
SHEET_OPENERS = frozenset({*UNIT_WRITERS, Role.ZI_SECRETARIAT})
WATCHERS = {Role.ZI_SECRETARIAT, Role.INSPECTORATE}
# Official papers: who keeps a kind and who signs it, `permissions` says (docs/adr/0050).
PAPER_KEEPERS = frozenset({Role.ZI_SECRETARIAT, Role.INSPECTORATE, *UNIT_WRITERS})
PAPER_SIGNERS = frozenset({Role.MAYOR, Role.OPD_HEAD, Role.INSPECTORATE})
HEAD = {Role.OPD_HEAD}
ASSESSMENT_WRITERS = {Role.ZI_SECRETARIAT, Role.INSPECTORATE}
# The inspectorate, and whoever is assigned to the unit as TPI: he may hold any of these offices.
ASSESSOR_ROLES = (GOVERNMENT_ROLES | UNIT_ROLES) - {Role.TPN_REVIEWER}
PLANNERS = frozenset({Role.PLANNER})
# Units report their own figures; planners also those that come from elsewhere (BPS, ministries).
MEASURERS = frozenset({*UNIT_WRITERS, Role.PLANNER})

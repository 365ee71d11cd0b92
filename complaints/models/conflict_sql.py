"""What the database asks so that nobody handles or reads what accuses his own branch.

A branch of a unit is the unit, all above it and all below it. Offices of the whole government
stand in the units where they work (`opd.enums.SEATS`).
"""

from opd.models.assessing_sql import OWN_UNIT

# Ids of the units in the branches of all offices of a person: (user, government).
OWN_BRANCH = """
    SELECT unit.id
    FROM opd_membership AS office
    {OWN_UNIT}
    JOIN opd_unit AS unit ON unit.id = ANY(own.lineage) OR own.id = ANY(unit.lineage)
    WHERE office.user_id = %s
      AND office.government_id = %s
      AND (office.valid_to IS NULL OR office.valid_to >= CURRENT_DATE)
""".replace("{OWN_UNIT}", OWN_UNIT)

ACCUSED_UNIT_NEVER_HANDLES = """
IF EXISTS (
    SELECT 1
    FROM opd_unit AS handling, opd_unit AS accused
    WHERE handling.id = NEW.unit_id AND accused.id = NEW.named_unit_id
      AND (handling.id = ANY(accused.lineage) OR accused.id = ANY(handling.lineage))
) THEN
    RAISE EXCEPTION 'the accused unit never handles it' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""

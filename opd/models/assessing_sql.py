"""What the database asks so that nobody assesses where he works, whoever writes it down first.

Which unit an office of the whole government works in stands in `opd.enums.SEATS`.
"""

from opd.enums import SEATS


def is_seat(office: str, unit: str) -> str:
    """The condition that the row `office` of a membership works in the row `unit` by its role."""
    seats = [
        f"({office}.role = '{role.value}' AND {unit}.kind = '{seat.kind.value}'"
        f" AND concat_ws(' ', {unit}.name, {unit}.short_name) ~* '{seat.words}')"
        for role, seat in SEATS.items()
    ]
    return f"({unit}.government_id = {office}.government_id AND ({' OR '.join(seats)}))"


# Rows of people who assess, this year or later, in the branch where the roster has them working.
WORKS_WHERE_HE_ASSESSES = """
    SELECT 1
    FROM opd_employee AS worker
    JOIN opd_employeepost AS post ON post.employee_id = worker.id
    JOIN opd_loginidentifier AS login ON login.kind = 'nip' AND login.value = worker.nip
    JOIN opd_membership AS member
      ON member.user_id = login.user_id AND member.government_id = worker.government_id
    JOIN opd_tpiassignment AS task ON task.membership_id = member.id
    JOIN opd_unit AS assessed ON assessed.id = task.unit_id
    JOIN opd_unit AS own ON own.id = post.unit_id
    WHERE task.year >= EXTRACT(YEAR FROM CURRENT_DATE)
      AND (post.valid_to IS NULL OR post.valid_to >= CURRENT_DATE)
      AND (own.id = ANY(assessed.lineage) OR assessed.id = ANY(own.lineage))
"""

# A unit is one's own by an office in it, or by an office of the whole government that sits there.
OWN_UNIT = f"""
    JOIN opd_unit AS own
      ON own.id = office.unit_id OR {is_seat("office", "own")}
"""

# An office that is given to, or goes over to, somebody who assesses there this year or later.
OFFICE_WHERE_HE_ASSESSES = """
IF NEW.valid_to < CURRENT_DATE THEN
    RETURN NEW;
END IF;
IF TG_OP = 'UPDATE' THEN
    IF NEW.unit_id IS NOT DISTINCT FROM OLD.unit_id AND NEW.user_id = OLD.user_id
        AND NEW.role = OLD.role AND NEW.government_id = OLD.government_id
        AND (OLD.valid_to IS NULL OR OLD.valid_to >= CURRENT_DATE) THEN
        RETURN NEW;
    END IF;
END IF;
IF EXISTS (
    SELECT 1
    FROM opd_tpiassignment AS task
    JOIN opd_membership AS member ON member.id = task.membership_id
    JOIN opd_unit AS assessed ON assessed.id = task.unit_id
    JOIN opd_unit AS own ON own.id = NEW.unit_id OR {IS_SEAT}
    WHERE member.user_id = NEW.user_id
      AND task.year >= EXTRACT(YEAR FROM CURRENT_DATE)
      AND (own.id = ANY(assessed.lineage) OR assessed.id = ANY(own.lineage))
) THEN
    RAISE EXCEPTION 'nobody holds an office where he assesses'
        USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
""".replace("{IS_SEAT}", is_seat("NEW", "own"))

# Units that move, or become the seat of an office by kind or name, take nobody into a branch that
# he assesses this year or later. Asked once of a statement and not of each row, since an import
# moves a whole government.
UNITS_MOVE = """
IF EXISTS (
    SELECT 1 FROM moved_to JOIN moved_from USING (id)
    WHERE moved_to.lineage IS DISTINCT FROM moved_from.lineage
       OR (moved_to.kind, moved_to.name, moved_to.short_name)
          IS DISTINCT FROM (moved_from.kind, moved_from.name, moved_from.short_name)
) AND (
    EXISTS (
        SELECT 1
        FROM opd_tpiassignment AS task
        JOIN opd_membership AS member ON member.id = task.membership_id
        JOIN opd_membership AS office ON office.user_id = member.user_id
        JOIN opd_unit AS assessed ON assessed.id = task.unit_id
        {OWN_UNIT}
        WHERE task.year >= EXTRACT(YEAR FROM CURRENT_DATE)
          AND (office.valid_to IS NULL OR office.valid_to >= CURRENT_DATE)
          AND (own.id = ANY(assessed.lineage) OR assessed.id = ANY(own.lineage))
          {IS_MOVED}
    ) OR EXISTS ({WORKS_WHERE_HE_ASSESSES} {IS_MOVED})
) THEN
    RAISE EXCEPTION 'no unit moves to where its people assess' USING ERRCODE = 'check_violation';
END IF;
RETURN NULL;
"""
UNITS_MOVE = (
    UNITS_MOVE.replace("{OWN_UNIT}", OWN_UNIT)
    .replace("{WORKS_WHERE_HE_ASSESSES}", WORKS_WHERE_HE_ASSESSES)
    .replace("{IS_MOVED}", "AND (own.id IN ({ids}) OR assessed.id IN ({ids}))")
    .replace("{ids}", "SELECT id FROM moved_to")
)

# Whoever assesses a unit belongs to it, or to its branch, by an office or by the roster.
OWN_UNIT_ASSESSED = """
IF EXISTS (
    SELECT 1
    FROM opd_membership AS office
    JOIN opd_membership AS member ON member.user_id = office.user_id
    {OWN_UNIT}
    JOIN opd_unit AS assessed ON assessed.id = NEW.unit_id
    WHERE member.id = NEW.membership_id
      AND (own.id = ANY(assessed.lineage) OR assessed.id = ANY(own.lineage))
      AND (office.valid_to IS NULL OR office.valid_to >= CURRENT_DATE)
) OR EXISTS (
    SELECT 1
    FROM opd_membership AS member
    JOIN opd_loginidentifier AS login
      ON login.user_id = member.user_id AND login.kind = 'nip'
    JOIN opd_employee AS worker
      ON worker.nip = login.value AND worker.government_id = member.government_id
    JOIN opd_employeepost AS post ON post.employee_id = worker.id
    JOIN opd_unit AS own ON own.id = post.unit_id
    JOIN opd_unit AS assessed ON assessed.id = NEW.unit_id
    WHERE member.id = NEW.membership_id
      AND (own.id = ANY(assessed.lineage) OR assessed.id = ANY(own.lineage))
      AND (post.valid_to IS NULL OR post.valid_to >= CURRENT_DATE)
) THEN
    RAISE EXCEPTION 'nobody assesses his own unit'
        USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
""".replace("{OWN_UNIT}", OWN_UNIT)

# Person, unit and row are of one government.
WITHIN_ONE_GOVERNMENT = """
IF EXISTS (
    SELECT 1
    FROM opd_membership AS member, opd_unit AS assessed
    WHERE member.id = NEW.membership_id AND assessed.id = NEW.unit_id
      AND (member.government_id <> NEW.government_id
           OR assessed.government_id <> NEW.government_id)
) THEN
    RAISE EXCEPTION 'nobody assesses in another government' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""

# What somebody assesses is not handed to another person with his office.
ASSESSOR_STAYS = """
IF NEW.user_id <> OLD.user_id AND EXISTS (
    SELECT 1 FROM opd_tpiassignment AS task WHERE task.membership_id = NEW.id
) THEN
    RAISE EXCEPTION 'the office of an assessor stays with its person'
        USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


def refuse_when(row: str) -> str:
    """The body of a trigger after writing; `row` names the written one among the rows above."""
    return f"""
    IF EXISTS ({WORKS_WHERE_HE_ASSESSES} AND {row}.id = NEW.id) THEN
        RAISE EXCEPTION 'nobody works where he assesses' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
    """

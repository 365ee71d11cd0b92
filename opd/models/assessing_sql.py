"""What the database asks so that nobody assesses where he works, whoever writes it down first."""

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


def refuse_when(row: str) -> str:
    """The body of a trigger after writing; `row` names the written one among the rows above."""
    return f"""
    IF EXISTS ({WORKS_WHERE_HE_ASSESSES} AND {row}.id = NEW.id) THEN
        RAISE EXCEPTION 'nobody works where he assesses' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
    """

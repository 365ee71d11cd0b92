"""An office in a unit and its assessment are kept apart, from either side, by the database."""

import pgtrigger

# Of the units `own` and `assessed`, one stands above the other or they are the same.
ONE_BRANCH = "(own.id = ANY(assessed.lineage) OR assessed.id = ANY(own.lineage))"


def apart(name: str, *, found: str, says: str, passes: str = "") -> pgtrigger.Trigger:
    """Refuses a new row where `found` (from FROM on) finds one of the other side in its branch.

    `passes` stands before: the cases in which the row may stand without looking.
    """
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=f"""{passes}
                IF EXISTS (
                    SELECT 1{found}
                ) THEN
                    RAISE EXCEPTION '{says}'
                        USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
    )

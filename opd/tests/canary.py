"""Where in the database a word stands."""

from django.db import connection


def tables_with(text: str) -> set[str]:
    """Every table of the database, every column, as PostgreSQL writes the row."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            name = connection.ops.quote_name(table)
            cursor.execute(
                f"SELECT EXISTS (SELECT 1 FROM {name} AS t WHERE strpos(t::text, %s) > 0)",  # noqa: S608
                [text],
            )
            if cursor.fetchone()[0]:
                found.add(table)
    return found

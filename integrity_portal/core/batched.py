"""A migration that renders the models once for a run of constraints, indexes and triggers.

Django renders every related model anew after each of them. In a fresh migration of hundreds that
is most of its time; the statements that reach the database are the same (docs/adr/0009).
"""

from itertools import groupby
from typing import Any

from django.db import migrations
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger

ADDED = (migrations.AddConstraint, migrations.AddIndex, AddTrigger)


class BatchedMigration(migrations.Migration):
    def apply(
        self, project_state: ProjectState, schema_editor: Any, collect_sql: bool = False
    ) -> ProjectState:
        every = self.operations
        try:
            for is_added, group in groupby(every, lambda row: isinstance(row, ADDED)):
                rows = list(group)
                if is_added and not collect_sql:
                    project_state = self._add(rows, project_state, schema_editor)
                    continue
                self.operations = rows  # type: ignore[misc]
                project_state = super().apply(project_state, schema_editor, collect_sql)
        finally:
            self.operations = every  # type: ignore[misc]
        return project_state

    def _add(
        self, rows: list[Operation], project_state: ProjectState, schema_editor: Any
    ) -> ProjectState:
        # Without rendered models the state only notes the options.
        project_state.__dict__.pop("apps", None)
        for row in rows:
            row.state_forwards(self.app_label, project_state)
        for row in rows:
            row.database_forwards(self.app_label, schema_editor, project_state, project_state)
        return project_state

from typing import Any

from django.apps import AppConfig
from django.core.management import call_command
from django.db.models.signals import post_migrate


def create_cache_table(**kwargs: Any) -> None:
    call_command("createcachetable", verbosity=0)


class CoreConfig(AppConfig):
    name = "integrity_portal.core"
    label = "core"
    verbose_name = "support"

    def ready(self) -> None:
        from integrity_portal.core import wake
        from integrity_portal.core.documents import actions, tasks

        wake.register_sweep(actions.TASK, tasks.due)
        wake.register_tick("core.documents.forget_chapters", tasks.forget_chapters)
        # The cache is in PostgreSQL, so its table is as much schema as any model's.
        post_migrate.connect(create_cache_table, sender=self)

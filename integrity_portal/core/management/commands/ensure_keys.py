from typing import Any

from django.core.management.base import BaseCommand

from integrity_portal.core import keys


class Command(BaseCommand):
    help = "Make the key files that are missing below KEYS_DIR; existing ones are never touched."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        made = keys.ensure()
        self.stdout.write(f"{len(made)} key files made in {keys.keys_dir()}.")

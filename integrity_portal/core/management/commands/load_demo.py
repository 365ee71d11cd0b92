from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone, translation

from integrity_portal.core import demo
from integrity_portal.core.models import LedgerEntry


class Command(BaseCommand):
    help = "Load the demonstration: Kota Kediri, Kabupaten Bekasi and the invented Kota Contoh."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="Do nothing when already loaded.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Demonstration data is not loaded into a real deployment.")
        loaded = LedgerEntry.objects.filter(verb="government.created").exists()
        if loaded and options["once"]:
            self.stdout.write("The demonstration is already there.")
            return
        if loaded:
            raise CommandError("This database already holds governments; use an empty one.")
        today = timezone.localdate()
        with transaction.atomic(), translation.override("id"):
            for loader in demo.loaders():
                loader.load(today)
                self.stdout.write(f"Loaded {loader.name}.")

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from assessments.actions.instruments import load_instruments
from integrity_portal.core.data_files import UnableToReadData
from opd.transitions import StepRefused


class Command(BaseCommand):
    help = "Check all instruments (LKE) of assessments/instruments/ and load those that are new."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = load_instruments(now=timezone.now())
        except (UnableToReadData, StepRefused) as error:
            raise CommandError(str(error)) from error
        if options["verbosity"] > 0:
            for row in loaded:
                self.stdout.write(f"Loaded {row}.")
            if not loaded:
                self.stdout.write("Every instrument is already loaded.")

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from integrity_portal.core import ledger


class Command(BaseCommand):
    help = "Recompute the ledger's hash tree and check every signed head."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            count = ledger.verify()
        except ledger.LedgerBroken as error:
            raise CommandError(f"The ledger is broken: {error}.") from error
        self.stdout.write(f"{count} sealed entries agree with every signed head.")

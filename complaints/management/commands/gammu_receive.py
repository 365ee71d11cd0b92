"""RunOnReceive of Gammu's SMSD: writes what came and ends; the worker does the rest.

gammu-smsdrc:  RunOnReceive = /path/manage.py gammu_receive
SMSD tells what came in the environment (SMS_MESSAGES, SMS_1_NUMBER, DECODED_1_TEXT, PHONE_ID …).
"""

import os
from collections.abc import Mapping
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from complaints.actions.inbound import keep_inbound
from complaints.channel_enums import Purpose
from complaints.channels import gammu
from complaints.channels.base import Unreadable
from complaints.queries.channels import gammu_account


class Command(BaseCommand):
    help = "Takes one SMS from Gammu's SMSD (its RunOnReceive program)."
    requires_system_checks: list[str] = []
    # For tests: what SMSD would put into the environment.
    stealth_options = ("environment",)

    def handle(
        self, *args: Any, environment: Mapping[str, str] | None = None, **options: Any
    ) -> None:
        """Nothing of the message is printed: SMSD writes our output into its log."""
        values = os.environ if environment is None else environment
        now = timezone.now()
        account = gammu_account(values.get("PHONE_ID", ""))
        if account is None or account.purpose != Purpose.GENERAL:
            self.stderr.write("No channel of a Gammu modem fits this PhoneID.")
            return
        try:
            keep_inbound(account=account, inbound=gammu.from_environment(values, now), now=now)
        except Unreadable:
            self.stderr.write("This call carries no message.")

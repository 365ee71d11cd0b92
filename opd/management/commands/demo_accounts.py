from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from opd.demo.loader import PASSWORD
from opd.models import Membership


class Command(BaseCommand):
    help = "Print the demo accounts with their logins."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            return
        rows = (
            Membership.objects.filter(user__identifiers__value__isnull=False)
            .select_related("government")
            .order_by("-government__is_sample", "government__code", "pk")
            .values_list("government__slug", "title", "user__identifiers__value")
        )
        self.stdout.write(f"{'government':<14} {'office':<34} sign in with")
        for government, title, login in rows:
            self.stdout.write(f"{government:<14} {title:<34} {login}")
        self.stdout.write(f"Password of all demo accounts: {PASSWORD}")

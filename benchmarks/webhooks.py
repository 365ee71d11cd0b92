"""A webhook call with one message, and with sixty, against the portal's smallest answer.

    DJANGO_SETTINGS_MODULE=integrity_portal.settings.test python benchmarks/webhooks.py

In this process with Django's test client, in a transaction that is rolled back: signature, sealing,
five statements. `one` and `sixty` are medians against 100 ms; `without broker` the same while the
address of Redis leads nowhere, divided by `one`. CPU=1 takes processor time.
"""

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
ROUNDS = int(os.environ.get("ROUNDS", "100"))
CLOCK = time.process_time if os.environ.get("CPU") else time.perf_counter
BUDGET_MS = 100
SHARED = "benchmark"


def median_ms(call: Callable[[int], Any]) -> float:
    times = []
    for number in range(ROUNDS):
        start = CLOCK()
        call(number)
        times.append((CLOCK() - start) * 1000)
    return statistics.median(times)


def main() -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.db import transaction
    from django.test import Client
    from django.urls import reverse

    from complaints.channels.registry import ADAPTERS
    from complaints.models import ChannelAccount
    from complaints.models.channels import token_index
    from integrity_portal.core import keys
    from integrity_portal.testing import channels as wire
    from opd.models import Government

    keys.ensure()
    client = Client()
    with transaction.atomic():
        government = Government.objects.order_by("pk").first() or Government.objects.create(
            code="99.98", slug="kota-ukur", kind="kota", name="Ukur"
        )
        from django.utils import timezone

        now = timezone.now()
        account = ChannelAccount(
            government=government, adapter="whatsapp_cloud", label="ukur", number="1",
            token_index=token_index("ukur"), created_at=now, next_check_at=now,
        )  # fmt: skip
        fields = ADAPTERS["whatsapp_cloud"].fields
        account.put("secrets_sealed", {f.name: SHARED for f in fields if f.is_secret})
        account.put("token_sealed", "ukur")
        account.save()
        url = reverse("complaints:hook", args=["ukur"])

        def post(prefix: str, size: int) -> Callable[[int], Any]:
            def send(number: int) -> None:
                messages = [
                    wire.cloud_text("Lampu mati", key=f"{prefix}.{number}.{one}")
                    for one in range(size)
                ]
                body = wire.cloud_body(messages=messages)
                signed = {"X-Hub-Signature-256": wire.cloud_signature(SHARED, body)}
                answer = client.post(url, body, content_type="application/json", headers=signed)
                if answer.status_code != 200:
                    raise SystemExit(f"answered {answer.status_code}")

            return send

        post("warm", 1)(0)
        one, sixty = median_ms(post("one", 1)), median_ms(post("sixty", 60))
        settings.CELERY_BROKER_URL = "redis://10.255.255.1:6379"
        away = median_ms(post("away", 1))
        transaction.set_rollback(True)
    figures = {
        "one": round(one / BUDGET_MS, 3),
        "sixty": round(sixty / BUDGET_MS, 3),
        "without_broker": round(away / one, 2),
        "milliseconds": [round(one, 1), round(sixty, 1)],
    }
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main()

"""A citizen without script or account, and the pages he walks through."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from complaints.tests.phones import Phone, phone_at

STORY = "Di loket diminta uang Rp 50.000 untuk map."
ANSWERS: dict[int, dict[str, str]] = {
    1: {"kind": "complaint", "accuses_officer": "no", "story": STORY},
    2: {"unit": "unknown", "region": "", "when_text": "Senin pagi", "where_text": "Loket 3"},
    3: {},
    4: {"disclosure": "anonymous", "name": "", "contact": "", "notice": ""},
}


@dataclass
class Citizen:
    slug: str
    client: Client = field(default_factory=Client)

    def url(self, name: str, *args: Any) -> str:
        return reverse(f"complaints:{name}", args=[self.slug, *args])

    def get(self, name: str, *args: Any) -> Any:
        return self.client.get(self.url(name, *args), follow=True)

    def post(self, name: str, *args: Any, data: dict[str, str] | None = None) -> Any:
        return self.client.post(self.url(name, *args), data or {}, follow=True)

    def fill(self, **changed: str) -> Any:
        """Through the four steps to the check page."""
        for number, answers in ANSWERS.items():
            page = self.post(
                "step", number, data={k: changed.get(k, v) for k, v in answers.items()}
            )
        return page

    def file(self, **changed: str) -> str:
        """Send it; the code as the receipt shows it."""
        self.fill(**changed)
        return str(self.post("check").context["code"])

    def follow(self, code: str) -> Any:
        return self.post("track", data={"code": code})


@pytest.fixture
def citizen(cast: Any) -> Citizen:
    return Citizen(cast.home.slug)


@pytest.fixture
def another(cast: Any) -> Callable[[], Citizen]:
    """Somebody else on another phone."""
    return lambda: Citizen(cast.home.slug)


@pytest.fixture
def whatsapp(cast: Any, settings: Any) -> Iterator[Phone]:
    with phone_at(cast, settings, "whatsapp_cloud") as phone:
        yield phone


@pytest.fixture
def sms(cast: Any, settings: Any) -> Iterator[Phone]:
    with phone_at(cast, settings, "signed_webhook") as phone:
        yield phone

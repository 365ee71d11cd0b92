"""What the tests of the pages of acts share: addresses, pages as text."""

from typing import Any

from django.urls import reverse


def url(name: str, *args: int | str) -> str:
    return reverse(f"assessments:{name}", args=args)


def page(response: Any, status: int = 200) -> str:
    assert response.status_code == status, response.content.decode()[:600]
    return response.content.decode()

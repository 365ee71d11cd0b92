"""How tests of evidence open its pages."""

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.urls import reverse


def reading(client: Any) -> Any:
    """In English, as the sentences stand in the code."""
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def page(name: str, **kwargs: Any) -> str:
    return reverse(f"assessments:{name}", kwargs=kwargs)


def words(client: Any, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return str(response.content.decode())


def sent(client: Any, address: str, **data: Any) -> Any:
    base = {"form_key": str(uuid4()), "version": 0}
    return client.post(address, {**base, **data})

"""What the tests of the registry's pages share: addresses, pages as text."""

from django.urls import reverse


def url(name, *args):
    return reverse(f"opd:{name}", args=args)


def text_of(response) -> str:
    return " ".join(response.content.decode().split())

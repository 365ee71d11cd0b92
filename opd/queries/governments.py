"""Governments by their address."""

from opd.models import Government


def government_by_slug(slug: str) -> Government | None:
    return Government.objects.filter(slug=slug).first()


def governments() -> list[Government]:
    return list(Government.objects.order_by("code"))


def government_by_id(pk: int) -> Government | None:
    return Government.objects.filter(pk=pk).first()

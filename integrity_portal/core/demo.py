"""Demonstration data: each app registers a loader. Never loaded where settings.DEMO is false."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Loader:
    order: int
    name: str
    load: Callable[[date], None]


_loaders: list[Loader] = []


def register(order: int, name: str, load: Callable[[date], None]) -> None:
    """`load(today)` writes the app's sample rows; dates of Kota Contoh are relative to today."""
    if all(loader.name != name for loader in _loaders):
        _loaders.append(Loader(order, name, load))


def loaders() -> list[Loader]:
    return sorted(_loaders, key=lambda loader: loader.order)

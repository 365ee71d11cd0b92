"""Who gets through which address. Each app lists its doors in `<app>/tests/matrix.py`:

    MATRIX = [
        Door("opd:people", allowed={Role.ADMINISTRATOR}),
        Door("opd:person", allowed={Role.ADMINISTRATOR}, kwargs=lambda cast: {"pk": …}),
    ]

    PUBLIC = {"opd:front_page"}  # opens without signing in: `test_public_urls` knows no others

`test_matrix` drives every role over every door, refuses an address that stands nowhere, and asks
for the other government's object by calling `kwargs` with the cast seen from the other side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from opd.enums import Role
from opd.tests.fixtures import Cast

APPS = ("integrity_portal.core", "opd", "assessments", "complaints", "reports")
# Library pages: `test_public_urls` holds the open ones by name, the libraries guard the others.
LIBRARY_ROUTES = ("accounts/", "admin/")
EVERYBODY = frozenset(Role.values)
# Who works for the government: all but the ministry's reviewer.
MEMBERS = EVERYBODY - {Role.TPN_REVIEWER}
# What a page with a form answers.
FORM = frozenset({200, 302, 422})


@dataclass(frozen=True)
class Door:
    """`allowed` roles get `answer`; roles in `unseen` get 404; all others `refused`.

    kwargs: makes the object in `cast.home` (for the unit roles: of `cast.unit`) and returns the
        address' arguments. It is called again with the cast mirrored, for the foreign object.
    elsewhere: the same for an object of `cast.other_unit`: 404 for the unit roles in `allowed`.
    data: what a POST sends, made after `kwargs`.
    """

    url_name: str
    allowed: frozenset[str] | set[str]
    kwargs: Callable[[Cast], dict[str, Any]] | None = None
    method: str = "get"
    refused: int = 403
    unseen: frozenset[str] | set[str] = frozenset()
    elsewhere: Callable[[Cast], dict[str, Any]] | None = None
    answer: frozenset[int] | set[int] = frozenset({200, 302})
    data: dict[str, Any] = field(default_factory=dict, hash=False)
    # False for what a browser does not show as a page of its own: downloads, fragments, redirects.
    is_page: bool = True
    # Where the same address opens to others in another state of its object: which state.
    case: str = ""

    def __str__(self) -> str:
        return f"{self.method} {self.url_name} {self.case}".rstrip()


Arguments = Callable[[Cast], dict[str, Any]]


def form_doors(
    app: str, allowed: frozenset[str] | set[str], *rows: tuple[str, Arguments, Arguments]
) -> list[Door]:
    """Pages with a form, opened and sent empty: (name, arguments, of another unit's object)."""
    return [
        Door(
            f"{app}:{name}",
            allowed=allowed,
            kwargs=kwargs,
            elsewhere=elsewhere,
            method=method,
            answer=FORM,
        )
        for name, kwargs, elsewhere in rows
        for method in ("get", "post")
    ]


def doors() -> list[Door]:
    return [door for module in _modules() for door in getattr(module, "MATRIX", [])]


def public_names() -> set[str]:
    """What each app says opens for everybody: `PUBLIC` beside its `MATRIX`."""
    return {name for module in _modules() for name in getattr(module, "PUBLIC", ())}


def _modules() -> list[Any]:
    return [
        import_module(f"{app}.tests.matrix")
        for app in APPS
        if find_spec(f"{app}.tests") and find_spec(f"{app}.tests.matrix")
    ]


def mirrored(cast: Cast) -> Cast:
    """The cast as the other government sees it."""
    from opd.tests.factories import UnitFactory

    return replace(
        cast,
        home=cast.away,
        away=cast.home,
        unit=cast.away_unit,
        below=UnitFactory(government=cast.away, parent=cast.away_unit, name="UPTD Jauh"),
        other_unit=UnitFactory(government=cast.away, name="Dinas Lebih Jauh"),
        away_unit=cast.unit,
        offices=cast.away_offices,
        away_offices=cast.offices,
    )


@dataclass(frozen=True)
class Address:
    name: str
    route: str
    is_public: bool

    @property
    def is_library(self) -> bool:
        return self.route.startswith(LIBRARY_ROUTES)


def addresses() -> Iterator[Address]:
    """Every URL pattern of the project, with its namespaced name."""
    yield from _walk(get_resolver().url_patterns, "", "")


def _walk(patterns: list[Any], space: str, route: str) -> Iterator[Address]:
    for pattern in patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern.url_patterns, inner, here)
        elif isinstance(pattern, URLPattern):
            public = not getattr(pattern.callback, "login_required", True)
            yield Address(f"{space}{pattern.name or ''}", here, public)

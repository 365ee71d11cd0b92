"""What the screens of acts have in common: finding the act, crumbs, refusals, uploads."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.models import Declaration, Signatory
from assessments.queries.declarations import declaration_of
from integrity_portal.core import files
from integrity_portal.core.http import or_404
from integrity_portal.core.models import StoredFile
from opd.http import PortalRequest
from opd.transitions import Missing, StepRefused


def find_declaration(request: PortalRequest, pk: int) -> Declaration:
    return or_404(declaration_of(request.membership, pk))


def find_signatory(declaration: Declaration, pk: int) -> Signatory:
    for row in declaration.signatories.all():
        if row.pk == pk:
            return row
    raise Http404


def crumbs(*steps: tuple[Any, str]) -> list[dict[str, Any]]:
    """(label, url) pairs; the last url is empty: the page itself."""
    return [{"label": label, "url": url} for label, url in steps]


def act_crumbs(declaration: Declaration, label: Any = "") -> list[dict[str, Any]]:
    here = reverse("assessments:declaration", args=[declaration.pk])
    first = (_("Declarations"), reverse("assessments:declarations"))
    if not label:
        return crumbs(first, (declaration.title, ""))
    return crumbs(first, (declaration.title, here), (label, ""))


def receive(request: PortalRequest, upload: UploadedFile, kind: str) -> StoredFile:
    """Raises FileRefused with a sentence for the form."""
    return files.receive(
        upload,
        rule=files.EVIDENCE,
        kind=kind,
        government_id=request.membership.government_id,
        by_user_id=request.user.pk,
    )


@dataclass(frozen=True)
class Lacking:
    """What is missing, and where it is supplied; `url` is empty where no page does."""

    sentence: str
    label: str
    url: str


def with_links(missing: Iterable[Missing]) -> list[Lacking]:
    return [Lacking(item.sentence, *_place(item.anchor)) for item in missing]


def _place(anchor: str) -> tuple[str, str]:
    """`noun`, `noun:key` or an address of its own → (label, address)."""
    if anchor.startswith("/"):
        return str(_("Supply it")), anchor
    noun, _colon, key = anchor.partition(":")
    places: dict[str, tuple[Any, str]] = {
        "declarations": (_("Declarations"), "assessments:declarations"),
        "decrees": (_("Decrees"), "assessments:decrees"),
        "eligibility": (_("Requirements"), "assessments:unit_eligibility"),
        "proposals": (_("Proposals"), "assessments:proposals"),
        "predicates": (_("Predicates"), "assessments:predicates"),
        "zones": (_("Zones"), "assessments:zones"),
    }
    if noun not in places:
        return "", ""
    label, name = places[noun]
    return str(label), reverse(name, args=[int(key)] if key else None)


@contextmanager
def said_above(request: PortalRequest) -> Iterator[None]:
    """A refusal of a one-button step stands at the top of the page to which it leads."""
    try:
        yield
    except StepRefused as refusal:
        messages.error(request, str(refusal))

"""What the screens of acts have in common: finding the act, crumbs, refusals, uploads."""

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.models import Declaration, Signatory
from assessments.queries.declarations import declaration_of
from integrity_portal.core import files
from integrity_portal.core.models import StoredFile
from opd.http import PortalRequest
from opd.transitions import StepRefused


def find_declaration(request: PortalRequest, pk: int) -> Declaration:
    found = declaration_of(request.membership, pk)
    if found is None:
        raise Http404
    return found


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


def say_refusal(request: PortalRequest, refusal: StepRefused) -> None:
    """The sentence, and what is missing, on the next page."""
    messages.error(request, refusal_text(refusal))


def refusal_text(refusal: StepRefused) -> str:
    lacking = " ".join(item.sentence for item in refusal.missing)
    return f"{refusal} {lacking}".strip()


def receive(request: PortalRequest, upload: UploadedFile, kind: str) -> StoredFile:
    """Raises FileRefused with a sentence for the form."""
    return files.receive(
        upload,
        rule=files.EVIDENCE,
        kind=kind,
        government_id=request.membership.government_id,
        by_user_id=request.user.pk,
    )

"""The third step: photos, PDF, recordings. Every one arrives before the report is sent."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints import load
from complaints.forms.filing_steps import EvidenceStep
from complaints.queries import pressure
from complaints.views import drafts, proof
from complaints.views.drafts import Draft, url
from complaints.views.frame import page
from integrity_portal.core import files, sounds
from integrity_portal.core.models import StoredFile
from opd.http import PortalRequest

NUMBER = 3
MOST = 5
MEGABYTE = files.MEGABYTE


def step(
    request: PortalRequest,
    draft: Draft,
    onward: Callable[[PortalRequest, int, Draft], HttpResponse],
) -> HttpResponse:
    """Add and stay, remove and stay, or continue; a refused file never costs the others."""
    waiting = drafts.files_of(request, draft)
    if request.method != "POST":
        return _show(request, draft, waiting, EvidenceStep(left=MOST - len(waiting)))
    if "remove" in request.POST:
        _remove(request.POST["remove"], draft, waiting)
        drafts.keep(request, draft)
        return redirect(url(request, "step", NUMBER))
    form = EvidenceStep(request.POST, request.FILES, left=MOST - len(waiting))
    form.is_valid()
    stored, refused = _receive(request, request.FILES.getlist("files"), len(waiting))
    draft["files"] = [row.pk for row in [*waiting, *stored]]
    draft["answers"]["evidence"] = "seen"
    proof.take(request, draft, timezone.now())
    drafts.keep(request, draft)
    for sentence in refused:
        form.add_error("files", sentence)
    if refused:
        return _show(request, draft, [*waiting, *stored], form)
    if "add" in request.POST:
        return redirect(url(request, "step", NUMBER))
    return onward(request, NUMBER, draft)


def _receive(
    request: PortalRequest, uploads: list[Any], there: int
) -> tuple[list[StoredFile], list[str]]:
    stored: list[StoredFile] = []
    refused: list[str] = []
    limit = load.current().waiting_megabytes * MEGABYTE
    if uploads and pressure.waiting_bytes() >= limit:
        return [], [
            _(
                "Files cannot be taken at this moment. Send the report without them and say in it "
                "that you have evidence."
            )
        ]
    for upload in uploads:
        name = str(upload.name)[:80]
        if there + len(stored) >= MOST:
            refused.append(_("%(name)s: five files are there already.") % {"name": name})
            continue
        try:
            stored.append(_keep(request, upload, there + len(stored) + 1))
        except files.FileRefused as sentence:
            refused.append(f"{name}: {sentence}")
    return stored, refused


def _keep(request: PortalRequest, upload: Any, number: int) -> StoredFile:
    """Under a name of ours: what somebody calls a file may say who he is."""
    upload.name = _("evidence %(number)s") % {"number": number}
    return files.receive(
        upload,
        rule=files.TESTIMONY,
        kind=pressure.EVIDENCE,
        government_id=request.government.pk,
        by_user_id=None,
    )


def _remove(key: str, draft: Draft, waiting: list[StoredFile]) -> None:
    gone = [row for row in waiting if row.public_id == key]
    for row in gone:
        files.discard(row)
    draft["files"] = [row.pk for row in waiting if row not in gone]


def _show(
    request: PortalRequest, draft: Draft, waiting: list[StoredFile], form: EvidenceStep
) -> HttpResponse:
    context = {
        "form": form,
        "files": waiting,
        "has_sound": any(row.content_type in sounds.TYPES for row in waiting),
        "number": NUMBER,
        "of": 4,
        "heading": _("Do you have evidence?"),
        "back": url(request, "step", NUMBER - 1),
        "with_script": True,
    }
    return page(request, "evidence", "report", context)

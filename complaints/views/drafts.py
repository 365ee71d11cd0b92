"""The draft of one visitor: what it holds, where it goes on, and the filing that it becomes."""

import secrets
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.actions.filing import Filing
from complaints.codes import new_code
from complaints.enums import ComplaintKind, Disclosure
from complaints.forms.filing_steps import YES
from complaints.forms.public import UNKNOWN
from complaints.queries import origins, pressure, units
from complaints.views import visit
from complaints.views.visit import DRAFT
from integrity_portal.core import files
from integrity_portal.core.models import StoredFile
from opd.http import PortalRequest
from opd.models import Unit

Draft = dict[str, Any]


def new_draft(request: PortalRequest) -> Draft:
    """With the poster or the meeting that the address names, if it does."""
    draft = {"key": secrets.token_hex(16), "code": new_code(), "answers": {}, "files": []}
    take_origin(request, draft)
    return draft


def take_origin(request: PortalRequest, draft: Draft) -> None:
    """A poster scanned in the middle of a draft counts from then on."""
    for name, row in origin(request, draft).items():
        draft[name] = row.pk if row else None


def place_named(request: PortalRequest) -> Any:
    return origins.place_by_token(request.government.pk, request.GET.get("tempat", ""))


def meeting_named(request: PortalRequest) -> Any:
    public_id = request.GET.get("pertemuan", "")
    return origins.meeting_by_public_id(request.government.pk, public_id, timezone.localdate())


def origin(request: PortalRequest, draft: Draft | None) -> dict[str, Any]:
    """Place and meeting: those that the address names, else the draft's."""
    government, kept = request.government.pk, draft or {}
    return {
        "place": place_named(request) or origins.place_by_id(government, kept.get("place")),
        "meeting": meeting_named(request) or origins.meeting_by_id(government, kept.get("meeting")),
    }


def unit_of(request: PortalRequest, key: str | None) -> Unit | None:
    if not key or key == UNKNOWN:
        return None
    return units.active_unit(request.government.pk, int(key), timezone.localdate())


def files_of(request: PortalRequest, draft: Draft) -> list[StoredFile]:
    keys = draft.get("files") or []
    return pressure.waiting_files(request.government.pk, keys) if keys else []


def discard(request: PortalRequest, draft: Draft | None) -> None:
    """The files of a draft that nobody will send."""
    for stored in files_of(request, draft) if draft else []:
        files.discard(stored)


def filing_of(request: PortalRequest, draft: Draft, *, is_quarantined: bool) -> Filing:
    answers = draft["answers"]
    told = origin(request, draft)
    known = answers["disclosure"] == Disclosure.KNOWN
    return Filing(
        draft_key=draft["key"],
        code=draft["code"],
        kind=answers["kind"],
        story=answers["story"],
        when_text=answers["when_text"],
        where_text=answers["where_text"],
        unit=unit_of(request, answers["unit"]),
        region=unit_of(request, answers.get("region")),
        position=position_of(answers.get("position", "")),
        place=told["place"],
        meeting=told["meeting"],
        accuses_officer=is_accusation(answers),
        disclosure=answers["disclosure"],
        name=answers["name"],
        contact=answers["contact"] if known else answers.get("notice", ""),
        is_contact_for_notice=not known and bool(answers.get("notice")),
        is_quarantined=is_quarantined,
        files=tuple(files_of(request, draft)),
    )


def is_accusation(answers: dict[str, Any]) -> bool:
    is_complaint = answers.get("kind") == ComplaintKind.COMPLAINT
    return is_complaint and answers.get("accuses_officer") == YES


def position_of(text: str) -> tuple[Decimal, Decimal] | None:
    if not text:
        return None
    latitude, longitude = text.split(",")
    return Decimal(latitude), Decimal(longitude)


def position_in_words(text: str) -> str:
    """As maps print it: degrees and where they point."""
    found = position_of(text)
    if found is None:
        return ""
    latitude, longitude = found
    north = _("north") if latitude >= 0 else _("south")
    east = _("east") if longitude >= 0 else _("west")
    degrees = [f"{abs(part):.4f}".replace(".", ",") for part in found]
    return f"{degrees[0]}° {north}, {degrees[1]}° {east}"


def keep(request: PortalRequest, draft: Draft) -> None:
    visit.keep(request, DRAFT, draft, now=timezone.now())


def read(request: PortalRequest) -> Draft | None:
    return visit.read(request, DRAFT, now=timezone.now())


def start_again(request: PortalRequest) -> HttpResponse:
    messages.warning(request, expired())
    return redirect(url(request, "step", 1))


def expired() -> str:
    return _(
        "What you wrote before is kept for three hours only and is gone now. Please start again."
    )


def url(request: PortalRequest, name: str, *args: Any) -> str:
    return reverse(f"complaints:{name}", args=[request.government.slug, *args])

"""The HTTP side of uploads that resume: tus 1.0, core protocol with creation."""

import base64
import binascii

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from assessments import resumable
from assessments.models import ResumableUpload
from assessments.permissions import writes_plans
from assessments.queries.evidence import ARCHIVE_KIND, KIND
from integrity_portal.core.files import FileRefused
from integrity_portal.core.http import or_404
from opd.http import PortalRequest, screen

VERSION = "1.0.0"
PIECE = "application/offset+octet-stream"


def _answer(status: int, **headers: str) -> HttpResponse:
    response = HttpResponse(status=status)
    return _with(response, **headers)


def _with(response: HttpResponse, **headers: str) -> HttpResponse:
    response.headers["Tus-Resumable"] = VERSION
    response.headers["Cache-Control"] = "no-store"
    for name, value in headers.items():
        response.headers[name.replace("_", "-")] = value
    return response


def _refused(sentence: str, status: int = 422) -> HttpResponse:
    return _with(JsonResponse({"sentence": sentence}, status=status))


def _speaks_tus(request: HttpRequest) -> bool:
    return request.headers.get("Tus-Resumable") == VERSION


def _number(text: str | None) -> int | None:
    known = text is not None and text.isascii() and text.isdigit() and len(text) < 16
    return int(text) if known and text is not None else None


@screen(writes_plans)
@require_http_methods(["OPTIONS", "POST"])
def evidence_upload_new(request: PortalRequest) -> HttpResponse:
    if request.method == "OPTIONS":
        return _answer(
            204,
            Tus_Version=VERSION,
            Tus_Extension="creation",
            Tus_Max_Size=str(max(rule.max_bytes for rule in resumable.RULES.values())),
        )
    if not _speaks_tus(request):
        return _answer(412, Tus_Version=VERSION)
    size = _number(request.headers.get("Upload-Length"))
    if size is None:
        return _answer(400)
    metadata = request.headers.get("Upload-Metadata", "")
    kind = ARCHIVE_KIND if _said(metadata, "purpose") == "archive" else KIND
    try:
        upload = resumable.begin(
            name=_said(metadata, "filename"),
            size=size,
            by=request.membership,
            now=timezone.now(),
            kind=kind,
        )
    except FileRefused as refused:
        return _refused(str(refused), 413 if size > resumable.RULES[kind].max_bytes else 422)
    here = reverse("assessments:evidence_upload", args=[upload.public_id])
    return _answer(201, Location=here, Upload_Offset="0")


def _said(metadata: str, name: str) -> str:
    """One value of the pairs `key base64, key base64`."""
    for pair in metadata.split(","):
        key, _space, value = pair.strip().partition(" ")
        if key == name:
            try:
                return base64.b64decode(value, validate=True).decode()
            except (binascii.Error, UnicodeDecodeError):
                return ""
    return ""


@screen(writes_plans)
@require_http_methods(["HEAD", "PATCH"])
def evidence_upload(request: PortalRequest, public_id: str) -> HttpResponse:
    upload = or_404(resumable.find(request.membership, public_id))
    if not _speaks_tus(request):
        return _answer(412, Tus_Version=VERSION)
    if request.method == "HEAD":
        return _answer(200, Upload_Length=str(upload.size), **_standing(upload))
    if request.headers.get("Content-Type") != PIECE:
        return _answer(415)
    offset = _number(request.headers.get("Upload-Offset"))
    if offset is None:
        return _answer(400)
    try:
        upload = resumable.append(
            upload=upload, offset=offset, data=_body(request), now=timezone.now()
        )
        if upload.is_complete:
            resumable.complete(upload=upload)
    except resumable.AnotherOffset as another:
        return _answer(409, Upload_Offset=str(another.offset))
    except FileRefused as refused:
        return _refused(str(refused))
    return _answer(204, **_standing(upload))


def _standing(upload: ResumableUpload) -> dict[str, str]:
    """How far it is; when it is there, the name by which the form keeps it."""
    found = {"Upload_Offset": str(upload.offset)}
    if upload.stored is not None:
        found["Portal_File"] = upload.stored.public_id
    return found


def _body(request: HttpRequest) -> bytes:
    """A piece; of one that broke off what arrived before."""
    data = bytearray()
    try:
        while len(data) < resumable.PIECE_BYTES and (chunk := request.read(65536)):
            data += chunk
    except UnreadablePostError:
        pass
    return bytes(data)

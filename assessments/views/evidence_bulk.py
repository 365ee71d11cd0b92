"""Many documents at once: send, see what goes where, then write them together."""

from collections.abc import Sequence
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.contrib import messages
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_http_methods

from assessments.actions import evidence_bulk as actions
from assessments.forms.evidence_bulk import BulkForm, PreviewForm, RowForm, bound, showing
from assessments.models import Worksheet
from assessments.permissions import writes_plans
from assessments.queries import evidence_bulk as queries
from assessments.queries.evidence import ARCHIVE_KIND, KIND, LARGE
from assessments.queries.reviewers import writes_for_unit
from assessments.views.shared import receive
from assessments.views.worksheets import worksheet_crumbs, worksheet_or_404
from integrity_portal.core.archives import ArchiveRefused, Limits, entries
from integrity_portal.core.files import EVIDENCE, FileRefused
from integrity_portal.core.http import refuse
from opd.http import PortalRequest, screen
from opd.refusals import refusal_text
from opd.transitions import StepRefused


@screen(writes_plans)
@require_http_methods(["GET", "HEAD", "POST"])
def evidence_bulk(request: PortalRequest, pk: int) -> HttpResponse:
    sheet = worksheet_or_404(request, pk)
    if not writes_for_unit(request.membership, sheet):
        raise refuse(_("Only the operator and the head of the unit answer here."))
    if request.method == "POST" and "write" in request.POST:
        return _write(request, sheet)
    if request.method != "POST":
        return _form_page(request, sheet, BulkForm())
    form = BulkForm(request.POST, request.FILES)
    if not form.is_valid():
        return _form_page(request, sheet, form)
    found, refused = _received(request, form)
    refused += _left_out([row.path for row in found])
    del found[queries.MOST :]
    if not found:
        form.add_error("files", " ".join(refused) or _("Choose files, a folder or a ZIP."))
        return _form_page(request, sheet, form)
    rows = queries.preview(sheet, found)
    forms = showing(rows, sheet.instrument.instrument.questions)
    head = PreviewForm.blank(len(rows))
    return _preview_page(request, sheet, head, forms, rows, refused=refused)


def _received(request: PortalRequest, form: BulkForm) -> tuple[list[queries.Arrived], list[str]]:
    """Every file that can be accepted; a refused one is named with its reason."""
    sent = form.arrived()
    found, refused = list[queries.Arrived](), _left_out([path for _name, path in sent])
    sent, archives = sent[: queries.MOST], list[BinaryIO]()
    names = [name for name, _path in sent]
    there = queries.arrived_files(request.membership, names, (KIND, ARCHIVE_KIND))
    for name, path in sent:
        stored = there.get(name)
        if stored is None:
            refused.append(_gone(path))
        elif stored.kind == ARCHIVE_KIND:
            archives.append(cast(BinaryIO, default_storage.open(stored.key)))
        else:
            found.append(queries.Arrived(stored, path[:500]))
    for upload, path in form.uploads():
        _take(request, upload, path, found, refused)
    if form.cleaned_data["archive"] is not None:
        archives.append(form.cleaned_data["archive"])
    for archive in archives:
        with archive:
            _unpack(request, archive, found, refused)
    return found, refused


def _unpack(
    request: PortalRequest,
    archive: BinaryIO,
    found: list[queries.Arrived],
    refused: list[str],
) -> None:
    try:
        for entry in entries(archive, Limits(files=max(queries.MOST - len(found), 0))):
            upload = SimpleUploadedFile(entry.path.rsplit("/", 1)[-1] or "berkas", entry.data)
            _take(request, upload, entry.path, found, refused)
    except ArchiveRefused as reason:
        refused.append(str(reason))


def _left_out(paths: Sequence[str]) -> list[str]:
    """Names what is too much for one preview."""
    names = ", ".join(paths[queries.MOST :])
    sentence = _("At most %(limit)d files at once. Not kept: %(names)s.")
    return [sentence % {"limit": queries.MOST, "names": names}] if names else []


def _gone(path: str) -> str:
    return _("“%(name)s” is no longer there; send it again.") % {"name": path}


def _take(
    request: PortalRequest,
    upload: UploadedFile,
    path: str,
    found: list[queries.Arrived],
    refused: list[str],
) -> None:
    try:
        found.append(queries.Arrived(receive(request, upload, KIND), path[:500]))
    except FileRefused as reason:
        refused.append(f"“{path}”: {reason}")


def _write(request: PortalRequest, sheet: Worksheet) -> HttpResponse:
    head = PreviewForm(request.POST)
    if not head.is_valid():
        messages.error(request, _("This form cannot be read any more. Send the files again."))
        return redirect("assessments:evidence_bulk", pk=sheet.pk)
    every = sheet.instrument.instrument.questions
    forms = bound(request.POST, head.cleaned_data["count"], every)
    names = [form["stored"].value() or "" for form in forms]
    there = queries.arrived_files(request.membership, names)
    faulty = [form for form in forms if not form.is_valid()]
    if faulty or set(names) - there.keys():
        return _again(request, sheet, head, forms, there)
    rows = [
        actions.Row(there[form.cleaned_data["stored"]], form.cleaned_data["title"], codes)
        for form in forms
        if (codes := form.cleaned_data["codes"])
    ]
    if not rows:
        head.add_error(None, _("No file has a question yet. Write its code, as in A.I.1.ii.b."))
        return _again(request, sheet, head, forms, there)
    try:
        written = actions.add_many(
            sheet=sheet,
            rows=rows,
            form_key=head.cleaned_data["form_key"],
            by=request.membership,
            now=timezone.now(),
        )
    except StepRefused as refused:
        head.add_error(None, refusal_text(refused))
        return _again(request, sheet, head, forms, there)
    sentence = ngettext(
        "%(added)d document added, proofs stand at %(places)d place.",
        "%(added)d documents added, proofs stand at %(places)d places.",
        written.places,
    )
    messages.success(request, sentence % {"added": written.added, "places": written.places})
    return redirect("assessments:evidence_missing", pk=sheet.pk)


def _again(
    request: PortalRequest,
    sheet: Worksheet,
    head: PreviewForm,
    forms: Sequence[RowForm],
    there: dict[str, Any],
) -> HttpResponse:
    """What was typed stays; files that are gone are named."""
    kept = [form for form in forms if form["stored"].value() in there]
    gone = [form["path"].value() for form in forms if form["stored"].value() not in there]
    arrived = [
        queries.Arrived(there[form["stored"].value()], form["path"].value() or "") for form in kept
    ]
    refused = [_gone(name) for name in gone]
    rows = queries.preview(sheet, arrived)
    if gone:
        head.overwrite(count=len(kept))
        kept = [_moved(form, f"row{number}") for number, form in enumerate(kept)]
    return _preview_page(request, sheet, head, kept, rows, refused=refused, status=422)


def _moved(form: RowForm, prefix: str) -> RowForm:
    """The same line under another number."""
    names = ("stored", "path", "codes", "title")
    data = {f"{prefix}-{name}": form[name].value() or "" for name in names}
    return RowForm(data, prefix=prefix, every=form.every.values())


def _preview_page(
    request: PortalRequest,
    sheet: Worksheet,
    head: PreviewForm,
    forms: Sequence[RowForm],
    rows: Sequence[queries.PreviewRow],
    *,
    refused: Sequence[str],
    status: int = 200,
) -> HttpResponse:
    context = {
        "sheet": sheet,
        "unit": sheet.zone.unit,
        "head": head,
        "form": head,
        "lines": list(zip(rows, forms, strict=True)),
        "without": sum(not row.codes for row in rows),
        "refused": refused,
        "questions": sheet.instrument.instrument.questions.values(),
        "breadcrumbs": worksheet_crumbs(sheet, (_("Many documents"), "")),
    }
    return render(request, "assessments/evidence/preview.html", context, status=status)


def _form_page(request: PortalRequest, sheet: Worksheet, form: BulkForm) -> HttpResponse:
    context = {
        "sheet": sheet,
        "unit": sheet.zone.unit,
        "form": form,
        "sending": form.sending(),
        "plain": {"files": settings.DATA_UPLOAD_MAX_NUMBER_FILES, "bytes": EVIDENCE.max_bytes},
        "most": {"files": queries.MOST, "bytes": LARGE.max_bytes},
        "breadcrumbs": worksheet_crumbs(sheet, (_("Many documents"), "")),
    }
    status = 422 if form.is_bound else 200
    return render(request, "assessments/evidence/bulk.html", context, status=status)

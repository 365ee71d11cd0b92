"""What the screens of monev, events and recommendations share: one form page, conflicts, proof."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from assessments.editing import MAX_FILES, Conflict
from assessments.forms.proofs import ProofForm
from assessments.forms.workplans import VersionedForm, names_of
from assessments.queries.uploads import pending
from integrity_portal.core.files import EVIDENCE, FileRefused, receive
from integrity_portal.core.models import StoredFile
from opd.http import PortalRequest, posted

TEMPLATE = "assessments/assessing/form.html"


def form_page(
    request: PortalRequest,
    form: forms.Form,
    *,
    heading: Any,
    breadcrumbs: list[dict[str, Any]],
    status: int = 200,
    template: str = TEMPLATE,
    **more: Any,
) -> HttpResponse:
    """`lead`: about whom; `facts`: (label, text) pairs; `note`: a sentence; `is_sample`."""
    context = {"form": form, "heading": heading, "breadcrumbs": breadcrumbs, **more}
    return render(request, template, context, status=status)


@contextmanager
def conflicts_in(
    form: VersionedForm, showing: Callable[[Any], forms.Form], more: dict[str, Any]
) -> Iterator[None]:
    """Around saving a text: when somebody else saved meanwhile, `more` for `form_page` holds both.

    The typed one stays in the form, to be sent again; `showing(row)` is the form of what is saved.
    """
    try:
        yield
    except Conflict as conflict:
        more.update(_both(form, conflict, showing(conflict.current)))


def _both(form: VersionedForm, conflict: Conflict, saved: forms.Form) -> dict[str, Any]:
    differing = [
        {"label": field.label, "saved": mine, "typed": typed}
        for field in form.visible_fields()
        if (mine := _said(saved, field.name)) != (typed := _said(form, field.name))
    ]
    form.overwrite(version=conflict.current.version)
    return {"differing": differing, "status": 409}


def _said(form: forms.Form, name: str) -> str:
    bound = form[name]
    value = bound.value()
    if form.is_bound and hasattr(form, "cleaned_data") and name in form.cleaned_data:
        clean = form.cleaned_data[name]
        if not isinstance(clean, list | dict):
            value = bound.field.prepare_value(clean)
    if isinstance(bound.field, forms.ChoiceField):
        choices: Any = bound.field.choices
        labels = {str(key): str(label) for key, label in choices}
        return labels.get(str(value or ""), str(value or ""))
    return "\n".join(str(value if value is not None else "").split("\r\n"))


def proof_of(
    request: PortalRequest, kind: str, shape: type[ProofForm] = ProofForm, **options: Any
) -> tuple[ProofForm, list[StoredFile] | None]:
    """The form and what has arrived with it; None where nothing was sent."""
    data = posted(request)
    if data is None:
        return shape.blank(**options), None
    form = shape(data, request.FILES, **options)
    return form, _receive(request, form, kind)


def _receive(request: PortalRequest, form: ProofForm, kind: str) -> list[StoredFile]:
    """Validate the form and store every upload that can be accepted.

    What has arrived is named again by the next sending, whatever is refused.
    """
    arrived = pending(request.membership, kind, request.POST.getlist("keep"))
    form.show_arrived(arrived)
    form.is_valid()
    uploads = request.FILES.getlist("files")
    for upload in uploads[:MAX_FILES]:
        try:
            arrived.append(
                receive(
                    upload,
                    rule=EVIDENCE,
                    kind=kind,
                    government_id=request.government.pk,
                    by_user_id=request.user.pk,
                )
            )
        except FileRefused as refused:
            form.add_error("files", f"“{upload.name}”: {refused}")
    left_out = ", ".join(str(upload.name) for upload in uploads[MAX_FILES:])
    if left_out:
        sentence = _("At most %(limit)d files at once. Not kept: %(names)s.")
        form.add_error("files", sentence % {"limit": MAX_FILES, "names": left_out})
    form.keep_arrived(arrived)
    return arrived


__all__ = ["conflicts_in", "form_page", "names_of", "proof_of"]

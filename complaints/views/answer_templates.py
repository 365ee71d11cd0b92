"""Texts that answers begin with: of the government or of one unit."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from complaints.actions.answers import end_template, save_template
from complaints.forms.answers import TemplateForm
from complaints.models import AnswerTemplate
from complaints.permissions import keeps_templates, may_keep_template
from complaints.queries import answers
from integrity_portal.core.http import or_404, refuse
from opd.http import PortalRequest, posted, screen
from opd.refusals import refusals_in, refusals_said


@require_safe
@screen(keeps_templates)
def template_list(request: PortalRequest) -> HttpResponse:
    rows = [
        {"row": row, "may_keep": may_keep_template(request.membership, row)}
        for row in answers.templates_of(request.membership)
    ]
    context = {"rows": rows, "breadcrumbs": _crumbs()}
    return render(request, "complaints/staff/templates.html", context)


@require_http_methods(["GET", "POST"])
@screen(keeps_templates)
def template_new(request: PortalRequest) -> HttpResponse:
    return _edit(request, None)


@require_http_methods(["GET", "POST"])
@screen(keeps_templates)
def template_edit(request: PortalRequest, pk: int) -> HttpResponse:
    return _edit(request, _own(request, pk))


@require_POST
@screen(keeps_templates)
def template_end(request: PortalRequest, pk: int) -> HttpResponse:
    with refusals_said(request):
        end_template(by=request.membership, template=_own(request, pk), now=timezone.now())
        messages.success(request, _("The template is offered no more."))
    return redirect("complaints:templates")


def _own(request: PortalRequest, pk: int) -> AnswerTemplate:
    found = or_404(answers.own_template(request.membership, pk))
    if not may_keep_template(request.membership, found):
        raise refuse(_("Your role does not include this template."))
    return found


def _edit(request: PortalRequest, template: AnswerTemplate | None) -> HttpResponse:
    initial = {"title": template.title, "text": template.text} if template else {}
    form = TemplateForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            save_template(
                by=request.membership,
                unit=request.membership.unit,
                template=template,
                **form.cleaned_data,
            )
            messages.success(request, _("Saved."))
            return redirect("complaints:templates")
    title = _("Answer template")
    context = {"form": form, "template_row": template, "breadcrumbs": _crumbs(title)}
    return render(request, "complaints/staff/template.html", context)


def _crumbs(last: str = "") -> list[dict[str, str]]:
    here = reverse("complaints:templates") if last else ""
    crumbs = [
        {"label": _("Complaints"), "url": reverse("complaints:list")},
        {"label": _("Answer templates"), "url": here},
    ]
    return [*crumbs, {"label": last, "url": ""}] if last else crumbs

"""`{% csrf_token %}` of signed-in pages also says in which office the form was opened."""

from django import template
from django.template.context import Context
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from opd.acting import FIELD

register = template.Library()


class FormTokens(CsrfTokenNode):
    """Every form of ours has this tag already, so none can forget its office."""

    def render(self, context: Context) -> SafeString:
        token = mark_safe(super().render(context))  # written by the framework's own node
        request = context.get("request")
        membership = getattr(request, "membership", None)
        if not token or request is None or membership is None:
            return token
        if not request.path.startswith("/app/"):
            return token
        office = '<input type="hidden" name="{}" value="{}">'
        return token + format_html(office, FIELD, str(membership.pk))


@register.tag
def csrf_token(parser: template.base.Parser, token: template.base.Token) -> FormTokens:
    return FormTokens()

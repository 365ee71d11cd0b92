"""How offices and roles are written on screens."""

from django import template

from opd.enums import Role
from opd.models import Government, Invitation, Membership

register = template.Library()


@register.filter
def role_name(role: str, government: Government) -> str:
    """Wali Kota, Bupati or Gubernur for the regional head; the others as they are called."""
    return Role(role).label_in(government.kind)


@register.filter
def office_place(office: Membership | Invitation) -> str:
    """The unit, or the government for offices of the whole."""
    return office.unit.name if office.unit else office.government.official_name

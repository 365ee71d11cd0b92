"""Whose poster was scanned, and at which meeting somebody sits."""

from datetime import date

from opd.models import Place, PublicMeeting


def place_by_token(government_id: int, token: str) -> Place | None:
    """Also of a place that is not used any more: posters hang longer."""
    return Place.objects.of(government_id).filter(token=token[:12]).first() if token else None


def place_by_id(government_id: int, pk: int | None) -> Place | None:
    rows = Place.objects.of(government_id).select_related("region", "unit")
    return rows.filter(pk=pk).first() if pk else None


def meeting_by_public_id(government_id: int, public_id: str, today: date) -> PublicMeeting | None:
    """While it is held; later nothing is filed from its tables."""
    found = _meetings(government_id, public_id=public_id[:22]) if public_id else None
    return found if found and found.is_open_on(today) else None


def meeting_by_id(government_id: int, pk: int | None) -> PublicMeeting | None:
    return _meetings(government_id, pk=pk) if pk else None


def _meetings(government_id: int, **which: object) -> PublicMeeting | None:
    return PublicMeeting.objects.filter(government_id=government_id, **which).first()

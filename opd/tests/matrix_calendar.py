"""The doors of the calendar, the inbox, directives and promises."""

from typing import Any

from opd.enums import DirectiveState, PromiseState, Role
from opd.tests.doors import EVERYBODY, FORM, MEMBERS, Door
from opd.tests.fixtures import Cast

SECRETARIAT = frozenset({Role.ZI_SECRETARIAT})
GIVERS = frozenset({Role.MAYOR, Role.SEKDA})
CARRIERS = frozenset({Role.OPD_HEAD, Role.OPD_OPERATOR})
READERS = GIVERS | CARRIERS | {Role.LIAISON_OFFICER}
KEEPERS = frozenset({Role.MAYOR, Role.ZI_SECRETARIAT})


def own_date(cast: Cast) -> dict[str, Any]:
    from opd.tests.factories_calendar import OwnDateFactory

    row = OwnDateFactory(government=cast.home, added_by=cast[Role.ZI_SECRETARIAT])
    return {"year": row.year, "key": row.key}


def item(cast: Cast) -> dict[str, Any]:
    """Addressed to one office: everybody else's inbox does not have it."""
    from opd.tests.factories_calendar import InboxItemFactory

    office = cast[Role.ZI_SECRETARIAT]
    return {"pk": InboxItemFactory(government=cast.home, role="", membership=office).pk}


def directive(cast: Cast, unit: Any = None, **values: Any) -> dict[str, Any]:
    from opd.tests.factories_calendar import DirectiveFactory

    row = DirectiveFactory(
        government=cast.home, unit=unit or cast.unit, given_by=cast[Role.SEKDA], **values
    )
    return {"pk": row.pk}


def elsewhere(cast: Cast) -> dict[str, Any]:
    return directive(cast, cast.other_unit)


def acknowledged(cast: Cast) -> dict[str, Any]:
    return directive(cast, state=DirectiveState.ACKNOWLEDGED)


def reported(cast: Cast) -> dict[str, Any]:
    return directive(cast, state=DirectiveState.REPORTED)


def proof(cast: Cast, unit: Any = None) -> dict[str, Any]:
    from opd.models import Directive, DirectiveReport

    row = Directive.objects.get(**directive(cast, unit, state=DirectiveState.REPORTED))
    report = DirectiveReport.objects.create(
        government=cast.home,
        directive=row,
        text="Selesai.",
        is_done=True,
        proof=stored(cast, "directive_report"),
        reported_by=cast[Role.OPD_HEAD],
        reported_at=row.given_at,
    )
    return {"pk": report.pk}


def proof_elsewhere(cast: Cast) -> dict[str, Any]:
    return proof(cast, cast.other_unit)


def stored(cast: Cast, kind: str) -> Any:
    from io import BytesIO

    from integrity_portal.core.files import store_made

    data = b"%PDF-1.4 contoh"
    row = store_made(
        BytesIO(data), size=len(data), name="bukti.pdf", kind=kind, government_id=cast.home.pk
    )
    row.state = row.State.STORED
    row.save()
    return row


def promise(cast: Cast, **values: Any) -> dict[str, Any]:
    from opd.tests.factories_calendar import PromiseFactory

    return {"pk": PromiseFactory(government=cast.home, **values).pk}


def kept(cast: Cast) -> dict[str, Any]:
    from datetime import date

    return promise(
        cast,
        state=PromiseState.KEPT,
        settled_on=date(2026, 1, 5),
        proof_note="Terlihat di loket.",
        proof=stored(cast, "promise_proof"),
    )


CALENDAR = [
    Door("opd:calendar", allowed=MEMBERS),
    Door("opd:calendar_add", allowed=SECRETARIAT),
    Door("opd:calendar_add", allowed=SECRETARIAT, method="post", answer=FORM),
    Door("opd:calendar_date", allowed=MEMBERS, kwargs=own_date),
    Door("opd:calendar_move", allowed=SECRETARIAT, kwargs=own_date),
    Door("opd:calendar_move", allowed=SECRETARIAT, kwargs=own_date, method="post", answer=FORM),
    Door("opd:calendar_mark", allowed=SECRETARIAT, kwargs=own_date, method="post", answer=FORM),
    Door("opd:calendar_drop", allowed=SECRETARIAT, kwargs=own_date, method="post", answer=FORM),
    Door("opd:inbox", allowed=MEMBERS),
    Door("opd:inbox_read_all", allowed=MEMBERS, method="post"),
    Door(
        "opd:inbox_open",
        allowed=SECRETARIAT,
        kwargs=item,
        method="post",
        unseen=MEMBERS - SECRETARIAT,
    ),
    Door("opd:late", allowed={Role.SEKDA, Role.MAYOR, Role.ZI_SECRETARIAT}),
    Door("opd:message_choice", allowed=EVERYBODY),
    Door("opd:message_choice", allowed=EVERYBODY, method="post", answer=FORM),
    Door("opd:directives", allowed=READERS),
    Door("opd:directive_new", allowed=GIVERS),
    Door("opd:directive_new", allowed=GIVERS, method="post", answer=FORM),
    Door("opd:directive", allowed=READERS, kwargs=directive, elsewhere=elsewhere),
    Door(
        "opd:directive_acknowledge",
        allowed=CARRIERS,
        kwargs=directive,
        method="post",
        elsewhere=elsewhere,
    ),
    Door(
        "opd:directive_report",
        allowed=CARRIERS,
        kwargs=acknowledged,
        method="post",
        answer=FORM,
        elsewhere=elsewhere,
    ),
    Door("opd:directive_finish", allowed=GIVERS, kwargs=reported, method="post"),
    Door("opd:directive_return", allowed=GIVERS, kwargs=reported, method="post", answer=FORM),
    Door("opd:directive_withdraw", allowed=GIVERS, kwargs=directive, method="post", answer=FORM),
    Door(
        "opd:directive_file",
        allowed=READERS,
        kwargs=proof,
        elsewhere=proof_elsewhere,
        is_page=False,
    ),
    Door("opd:promises", allowed=MEMBERS),
    Door("opd:promise_new", allowed=KEEPERS),
    Door("opd:promise_new", allowed=KEEPERS, method="post", answer=FORM),
    Door("opd:promise", allowed=MEMBERS, kwargs=promise),
    Door("opd:promise_edit", allowed=KEEPERS, kwargs=promise),
    Door("opd:promise_edit", allowed=KEEPERS, kwargs=promise, method="post", answer=FORM),
    Door("opd:promise_judge", allowed=KEEPERS, kwargs=promise, method="post", answer=FORM),
    Door("opd:promise_reopen", allowed=KEEPERS, kwargs=kept, method="post", answer=FORM),
    Door("opd:promise_file", allowed=MEMBERS, kwargs=kept, is_page=False),
]

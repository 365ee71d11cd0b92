"""The doors of the registry and of people."""

from typing import Any

from opd.enums import Role
from opd.tests.doors import EVERYBODY, Door
from opd.tests.fixtures import Cast
from opd.tests.matrix_calendar import CALENDAR
from opd.tests.matrix_employees import EMPLOYEES
from opd.tests.matrix_places import PLACES
from opd.tests.matrix_services import SERVICES
from opd.tests.matrix_tpi import TPI
from opd.tests.matrix_units import UNITS

# Opens for everybody, with the reason.
PUBLIC = {
    # the front door
    "home",
    "government",
    "healthz",
    "readyz",
    "theme",
    # accounts: links and codes that an administrator gave
    "join",
    "reset",
    # what scanned codes open: a place for ever, a public meeting
    "place",
    "meeting",
    # allauth: sign in and out, password by mail, second step
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_authenticate",
    "mfa_login_webauthn",
    # the admin's own sign-in sends to ours
    "admin:login",
}

ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
TPI_READERS = frozenset(
    {Role.ADMINISTRATOR, Role.INSPECTORATE, Role.ZI_SECRETARIAT, Role.SEKDA, Role.MAYOR}
)


def operator(cast: Cast) -> dict[str, Any]:
    return {"pk": cast[Role.OPD_OPERATOR].user_id}


def operators_office(cast: Cast) -> dict[str, Any]:
    return {"pk": cast[Role.OPD_OPERATOR].pk}


def identifier(cast: Cast) -> dict[str, Any]:
    from opd.tests.factories import LoginIdentifierFactory

    user = cast[Role.OPD_OPERATOR].user
    LoginIdentifierFactory(user=user)
    return {"pk": user.pk, "identifier": LoginIdentifierFactory(user=user).pk}


def invitation(cast: Cast) -> dict[str, Any]:
    from opd.tests.factories import InvitationFactory

    return {
        "pk": InvitationFactory(
            government=cast.home, unit=cast.unit, invited_by=cast[Role.ADMINISTRATOR]
        ).pk
    }


def assignment(cast: Cast) -> dict[str, Any]:
    from opd.models import TpiAssignment

    row = TpiAssignment.objects.create(
        government=cast.home,
        membership=cast[Role.INSPECTORATE],
        unit=cast.other_unit,
        year=2026,
    )
    return {"pk": row.pk}


MATRIX = [
    Door("opd:account", allowed=EVERYBODY),
    Door("opd:sessions_end", allowed=EVERYBODY, method="post"),
    Door("opd:offices", allowed=EVERYBODY),
    Door("opd:people", allowed=ADMINISTRATOR),
    Door("opd:person", allowed=ADMINISTRATOR, kwargs=operator),
    Door("opd:office_add", allowed=ADMINISTRATOR, kwargs=operator),
    Door("opd:office_add", allowed=ADMINISTRATOR, kwargs=operator, method="post"),
    Door("opd:office_end", allowed=ADMINISTRATOR, kwargs=operators_office),
    Door("opd:office_end", allowed=ADMINISTRATOR, kwargs=operators_office, method="post"),
    Door("opd:substitute_add", allowed=ADMINISTRATOR, kwargs=operators_office),
    Door("opd:substitute_add", allowed=ADMINISTRATOR, kwargs=operators_office, method="post"),
    Door("opd:reset_code", allowed=ADMINISTRATOR, kwargs=operator, method="post"),
    Door("opd:account_close", allowed=ADMINISTRATOR, kwargs=operator, method="post"),
    Door("opd:account_reopen", allowed=ADMINISTRATOR, kwargs=operator, method="post"),
    Door("opd:factor_remove", allowed=ADMINISTRATOR, kwargs=operator, method="post"),
    Door("opd:rename", allowed=ADMINISTRATOR, kwargs=operator, method="post"),
    Door("opd:identifier_add", allowed=ADMINISTRATOR, kwargs=operator, method="post"),
    Door("opd:identifier_remove", allowed=ADMINISTRATOR, kwargs=identifier, method="post"),
    Door("opd:invitations", allowed=ADMINISTRATOR),
    Door("opd:invite", allowed=ADMINISTRATOR),
    Door("opd:invite", allowed=ADMINISTRATOR, method="post"),
    Door("opd:invitation_withdraw", allowed=ADMINISTRATOR, kwargs=invitation, method="post"),
    Door("opd:tpi", allowed=TPI_READERS),
    Door("opd:tpi", allowed={Role.ADMINISTRATOR, Role.INSPECTORATE}, method="post"),
    Door(
        "opd:tpi_release",
        allowed={Role.ADMINISTRATOR, Role.INSPECTORATE},
        kwargs=assignment,
        method="post",
    ),
    Door("opd:membership_switch", allowed=EVERYBODY, method="post"),
    Door("opd:status", allowed=frozenset({Role.IT_TEAM, Role.ADMINISTRATOR})),
    *UNITS,
    *SERVICES,
    *EMPLOYEES,
    *TPI,
    *PLACES,
    *CALENDAR,
]

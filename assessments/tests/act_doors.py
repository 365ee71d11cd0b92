"""The doors of declarations, decrees, zones and coverage."""

import io
from typing import Any

from django.utils import timezone

from assessments.enums import ZoneStage
from assessments.models import DecreeCorrection
from assessments.tests.factories import (
    DeclarationFactory,
    DeclarationUnitFactory,
    IntegrityZoneFactory,
    NamedUnitFactory,
    NamingDecreeFactory,
    SignatoryFactory,
    SignatureFactory,
)
from integrity_portal.core import files
from integrity_portal.core.models import StoredFile
from opd.enums import Role
from opd.tests.doors import EVERYBODY, MEMBERS, Door
from opd.tests.fixtures import Cast

BOSS = frozenset({Role.ZI_SECRETARIAT})
BUILDERS = frozenset({Role.ZI_SECRETARIAT, Role.OPD_HEAD})
MAYOR = frozenset({Role.MAYOR})


def act(cast: Cast, **facts: Any) -> dict[str, Any]:
    row = DeclarationFactory(government=cast.home, **facts)
    DeclarationUnitFactory(declaration=row, unit=cast.unit)
    return {"pk": row.pk}


def draft(cast: Cast) -> dict[str, Any]:
    return act(cast)


def opened(cast: Cast) -> dict[str, Any]:
    return act(cast, open=True)


def to_open(cast: Cast) -> dict[str, Any]:
    return {**draft(cast), "name": "open"}


def place(cast: Cast, **facts: Any) -> dict[str, Any]:
    found = act(cast, **facts)
    row = SignatoryFactory(
        declaration_id=found["pk"],
        declaration=None,
        government=cast.home,
        membership=cast[Role.MAYOR],
    )
    return {**found, "signatory": row.pk}


def draft_place(cast: Cast) -> dict[str, Any]:
    return place(cast)


def open_place(cast: Cast) -> dict[str, Any]:
    return place(cast, open=True)


def to_sign(cast: Cast) -> dict[str, Any]:
    return {"pk": open_place(cast)["pk"]}


def scan(cast: Cast) -> StoredFile:
    return files.store_made(
        io.BytesIO(b"%PDF-1.7"),
        size=8,
        name="a.pdf",
        kind="signature",
        government_id=cast.home.pk,
    )


def signed(cast: Cast) -> dict[str, Any]:
    found = open_place(cast)
    row = SignatureFactory(
        signatory_id=found["signatory"], signatory=None, government=cast.home, scan=scan(cast)
    )
    return {"pk": found["pk"], "signature": row.pk}


def to_reopen(cast: Cast) -> dict[str, Any]:
    return act(cast, closed=True)


def to_rewrite(cast: Cast) -> dict[str, Any]:
    return {"pk": signed(cast)["pk"]}


def corrected_decree(cast: Cast) -> dict[str, Any]:
    found = decree(cast)
    row = DecreeCorrection.objects.create(
        government=cast.home,
        decree_id=found["pk"],
        changes={"number": ["1", "2"]},
        former_scan=scan(cast),
        reason="Salah ketik",
        corrected_by=cast[Role.ZI_SECRETARIAT],
        corrected_at=timezone.now(),
    )
    return {**found, "correction": row.pk}


def decree(cast: Cast) -> dict[str, Any]:
    row = NamingDecreeFactory(government=cast.home)
    NamedUnitFactory(decree=row, unit=cast.unit)
    return {"pk": row.pk}


def scanned_decree(cast: Cast) -> dict[str, Any]:
    row = NamingDecreeFactory(government=cast.home, scan=scan(cast))
    NamedUnitFactory(decree=row, unit=cast.unit)
    return {"pk": row.pk}


def zone(cast: Cast) -> dict[str, Any]:
    return {"pk": IntegrityZoneFactory(unit=cast.unit, stage=ZoneStage.NAMED).pk}


def other_zone(cast: Cast) -> dict[str, Any]:
    return {"pk": IntegrityZoneFactory(unit=cast.other_unit, stage=ZoneStage.NAMED).pk}


ACT_DOORS = [
    Door("assessments:programme", allowed=MEMBERS),
    Door("assessments:coverage", allowed=MEMBERS),
    Door("assessments:zones", allowed=EVERYBODY),
    Door("assessments:zone", allowed=EVERYBODY, kwargs=zone, elsewhere=other_zone),
    *(
        Door(
            "assessments:zone_build",
            allowed=BUILDERS,
            kwargs=zone,
            elsewhere=other_zone,
            method=method,
            answer=frozenset({200, 302, 422}),
        )
        for method in ("get", "post")
    ),
    Door("assessments:predicate_new", allowed=BOSS),
    Door("assessments:declarations", allowed=EVERYBODY),
    Door("assessments:declaration_new", allowed=BOSS),
    Door("assessments:declaration", allowed=EVERYBODY, kwargs=opened),
    Door("assessments:declaration_edit", allowed=BOSS, kwargs=draft),
    Door("assessments:declaration_units", allowed=BOSS, kwargs=draft),
    Door("assessments:declaration_lines", allowed=BOSS, kwargs=draft),
    Door("assessments:declaration_step", allowed=BOSS, kwargs=to_open, method="post"),
    Door("assessments:declaration_reopen", allowed=BOSS, kwargs=to_reopen),
    Door("assessments:declaration_discard", allowed=BOSS, kwargs=draft),
    Door("assessments:declaration_text", allowed=BOSS, kwargs=to_rewrite),
    Door("assessments:piagam", allowed=EVERYBODY, kwargs=opened, method="post"),
    Door("assessments:declaration_sign", allowed=MAYOR, kwargs=to_sign, is_page=False),
    Door("assessments:signatory_new", allowed=BOSS, kwargs=draft),
    Door("assessments:signatory", allowed=BOSS, kwargs=draft_place),
    Door("assessments:signatory_move", allowed=BOSS, kwargs=draft_place, method="post"),
    Door("assessments:signatory_remove", allowed=BOSS, kwargs=draft_place, method="post"),
    Door("assessments:signature_wet", allowed=BOSS, kwargs=open_place),
    Door("assessments:signature_certified", allowed=BOSS, kwargs=open_place),
    Door("assessments:signature_scan", allowed=BOSS, kwargs=open_place),
    Door("assessments:signature_withdraw", allowed=BOSS, kwargs=open_place),
    Door("assessments:signature_file", allowed=EVERYBODY, kwargs=signed, is_page=False),
    Door("assessments:decree_file", allowed=EVERYBODY, kwargs=scanned_decree, is_page=False),
    Door("assessments:decrees", allowed=EVERYBODY),
    Door("assessments:decree", allowed=EVERYBODY, kwargs=decree),
    Door("assessments:decree_new", allowed=BOSS),
    Door("assessments:decree_correct", allowed=BOSS, kwargs=decree),
    Door(
        "assessments:decree_former_file",
        allowed=EVERYBODY,
        kwargs=corrected_decree,
        is_page=False,
    ),
]

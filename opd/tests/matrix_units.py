"""The doors of the registry of units."""

import io
from typing import Any

from integrity_portal.core import files
from opd.enums import Role
from opd.tests.doors import FORM, MEMBERS, Door
from opd.tests.fixtures import Cast

MANAGERS = frozenset({Role.ADMINISTRATOR, Role.ZI_SECRETARIAT})
FACT_KEEPERS = MANAGERS | {Role.INSPECTORATE}


def unit(cast: Cast) -> dict[str, Any]:
    return {"unit_id": cast.unit.pk}


def another_unit(cast: Cast) -> dict[str, Any]:
    return {"unit_id": cast.other_unit.pk}


def fact(cast: Cast) -> dict[str, Any]:
    from opd.tests.factories import StandingFactFactory

    return {"fact_id": StandingFactFactory(government=cast.home).pk}


def proven_fact(cast: Cast) -> dict[str, Any]:
    from opd.tests.factories import StandingFactFactory

    proof = files.store_made(
        io.BytesIO(b"%PDF-1.7"), size=8, name="a.pdf", kind="fact", government_id=cast.home.pk
    )
    return {"fact_id": StandingFactFactory(government=cast.home, proof=proof).pk}


def upload(cast: Cast) -> dict[str, Any]:
    from opd.tests.factories import UnitImportFactory

    maker = cast.offices[Role.ZI_SECRETARIAT]
    return {"import_id": UnitImportFactory(government=cast.home, made_by=maker).pk}


UNITS = [
    Door("opd:unit_list", allowed=MEMBERS),
    Door("opd:unit", allowed=MEMBERS, kwargs=unit, elsewhere=another_unit),
    Door("opd:fact_list", allowed=MEMBERS),
    *(
        Door(f"opd:{name}", allowed=MANAGERS, kwargs=kwargs, method=method, answer=FORM)
        for name, kwargs in (
            ("unit_add", None),
            ("unit_merge", None),
            ("kind_rules", None),
            ("unit_import_upload", None),
            ("unit_edit", unit),
            ("unit_rename", unit),
            ("former_name_add", unit),
            ("unit_close", unit),
            ("unit_split", unit),
            ("unit_hand_over", unit),
            ("unit_duties", unit),
        )
        for method in ("get", "post")
    ),
    *(
        Door(f"opd:{name}", allowed=FACT_KEEPERS, kwargs=kwargs, method=method, answer=FORM)
        for name, kwargs in (("fact_add", None), ("unit_fact_add", unit), ("fact_edit", fact))
        for method in ("get", "post")
    ),
    Door("opd:fact_remove", allowed=FACT_KEEPERS, kwargs=fact, method="post"),
    Door("opd:fact_file", allowed=MEMBERS, kwargs=proven_fact, is_page=False),
    Door("opd:unit_csv", allowed=MANAGERS, is_page=False),
    Door("opd:unit_import", allowed=MANAGERS, kwargs=upload),
    Door("opd:unit_import_refused", allowed=MANAGERS, kwargs=upload, is_page=False),
    *(
        Door(f"opd:{name}", allowed=MANAGERS, kwargs=kwargs, method="post")
        for name, kwargs in (
            ("unit_import_confirm", upload),
            ("unit_import_discard", upload),
        )
    ),
]

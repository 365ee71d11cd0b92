"""Units as tables name them: by code, by name, in short, or by a former name."""

import re
from collections import defaultdict
from collections.abc import Iterable

from django.utils.translation import gettext as _

from assessments.excel.cells import NotReadable, plain
from assessments.plan_excel.standing import KnownUnit


class Units:
    def __init__(self, units: Iterable[KnownUnit]) -> None:
        self.by_pk = {unit.pk: unit for unit in units}
        self._named: dict[str, list[KnownUnit]] = defaultdict(list)
        for unit in self.by_pk.values():
            for name in {plain(each) for each in unit.names if each}:
                self._named[name].append(unit)

    def find(self, text: str) -> tuple[KnownUnit, list[str]]:
        """Of several the first answers for the indicator; the others are a remark.

        Raises NotReadable.
        """
        unit = self._one(text)
        if unit is not None:
            return unit, []
        parts = [part for part in re.split(r"[\n;]+|,\s+(?=[A-Z])", text) if part.strip()]
        found = [self._one(part) for part in parts]
        if len(parts) > 1 and found[0] is not None and None not in found:
            return found[0], [
                _("Of several units the first answers for it; add the others in the plan.")
            ]
        raise NotReadable(
            _("There is no such unit. Write its code, its name or its short name.")
        )

    def is_named(self, text: str) -> bool:
        return len(self._open(text)) == 1

    def _open(self, text: str) -> list[KnownUnit]:
        return [unit for unit in self._named.get(plain(text), []) if not unit.is_closed]

    def _one(self, text: str) -> KnownUnit | None:
        named, standing = self._named.get(plain(text), []), self._open(text)
        if len(standing) > 1:
            raise NotReadable(_("Several units are called so. Write the code of the unit."))
        if named and not standing:
            raise NotReadable(
                _("This unit was closed. Write the unit that carries on its duties.")
            )
        return standing[0] if standing else None

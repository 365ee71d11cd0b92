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
        raise NotReadable(_("There is no such unit. Write its code, its name or its short name."))

    def is_named(self, text: str) -> bool:
        return len(self._named.get(plain(text), [])) == 1

    def _one(self, text: str) -> KnownUnit | None:
        """Of several so called the one that is not closed."""
        named = self._named.get(plain(text), [])
        standing = [unit for unit in named if not unit.is_closed] or named
        if len(standing) > 1:
            raise NotReadable(_("Several units are called so. Write the code of the unit."))
        return standing[0] if standing else None

"""Lines of the file found in the tree of the plan, and those that are new, in their order."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from assessments.enums import NodeLevel
from assessments.excel.cells import NotReadable, plain
from assessments.plan_excel.standing import StandingNode
from assessments.plan_excel.tree import NodeRef

# A line of the plan: its key, or a name of its own while it is new.
Place = int | str


@dataclass(frozen=True)
class NewNode:
    key: str
    parent: Place | None
    level: NodeLevel
    code: str
    name: str
    cell: str


class Misplaced(NotReadable):
    def __init__(self, ref: NodeRef, sentence: str) -> None:
        super().__init__(sentence)
        self.ref = ref


@dataclass(frozen=True)
class _Known:
    place: Place
    parent: Place | None
    level: NodeLevel
    code: str
    name: str


class Placer:
    def __init__(self, nodes: Iterable[StandingNode]) -> None:
        self.known: dict[Place, _Known] = {}
        self.new: dict[str, NewNode] = {}
        self.children: dict[Place | None, list[_Known]] = defaultdict(list)
        # By level and code, and by level and name.
        self._called: dict[tuple[NodeLevel, str], list[_Known]] = defaultdict(list)
        self._visions: list[_Known] = []
        self._found: dict[tuple[NodeRef, ...], Place] = {}
        for node in nodes:
            self._add(_Known(node.pk, node.parent, node.level, node.code, node.name))

    def place(self, path: Sequence[NodeRef], sheet: str) -> tuple[Place, list[str]]:
        """Where the last of the path stands, and remarks. Raises Misplaced."""
        remarks: list[str] = []
        here: Place | None = None
        for depth, ref in enumerate(path):
            key = tuple(path[: depth + 1])
            if key not in self._found:
                found = self._find(ref, here)
                self._found[key] = found.place if found else self._new(ref, here, sheet)
            node = self.known[self._found[key]]
            here = node.place
            if ref.name and isinstance(here, int) and plain(ref.name) != plain(node.name):
                remarks.append(
                    _("The plan calls line %(code)s “%(name)s”; that name stays.")
                    % {"code": node.code, "name": node.name}
                )
        if here is None:
            raise ValueError("a path has at least one line")
        return here, remarks

    def lineage(self, place: Place | None) -> Iterator[_Known]:
        """From the line itself up to the top."""
        while place is not None:
            node = self.known[place]
            yield node
            place = node.parent

    def label(self, place: Place) -> str:
        node = self.known[place]
        return f"{node.level.label} {node.code} {node.name}".strip()

    def _add(self, node: _Known) -> None:
        self.known[node.place] = node
        self.children[node.parent].append(node)
        for text in {node.code, plain(node.name)} - {""}:
            self._called[node.level, text].append(node)
        if node.level == NodeLevel.VISION:
            self._visions.append(node)

    def _find(self, ref: NodeRef, above: Place | None) -> _Known | None:
        """Right below, or deeper where the file leaves a level out."""
        coded = self._known_as(ref.level, ref.code, above)
        named = self._known_as(ref.level, plain(ref.name), above)
        if ref.code:
            named = [node for node in named if node in coded or node.parent == above]
        for rows in ([n for n in coded if n in named], coded, named):
            beside = [node for node in rows if node.parent == above]
            if len(beside or rows) == 1:
                node = (beside or rows)[0]
                self._refuse_two_names(ref, node)
                return node
            if rows:
                raise Misplaced(
                    ref,
                    _("This line stands at several places of the plan. Name what is above it too."),
                )
        return None

    def _known_as(self, level: NodeLevel, text: str, above: Place | None) -> list[_Known]:
        rows = self._called.get((level, text), []) if text else []
        return [node for node in rows if self._is_below(node, above)]

    def _is_below(self, node: _Known, above: Place | None) -> bool:
        return above is None or any(each.place == above for each in self.lineage(node.parent))

    def _refuse_two_names(self, ref: NodeRef, node: _Known) -> None:
        new = self.new.get(node.place) if isinstance(node.place, str) else None
        if new and ref.name and plain(new.name) != plain(ref.name):
            raise Misplaced(
                ref,
                _("The code %(code)s stands for “%(name)s” in %(cell)s. Give each its own.")
                % {"code": new.code, "name": new.name, "cell": new.cell},
            )

    def _new(self, ref: NodeRef, above: Place | None, sheet: str) -> Place:
        if not ref.name:
            raise Misplaced(ref, _("This line is not in the plan yet. Write its name too."))
        if above is None and ref.level != NodeLevel.VISION:
            above = self._only_vision()
            if ref.level.rank > NodeLevel.GOAL.rank:
                raise Misplaced(
                    ref,
                    _("This line is new. Name what is above it: a misi, tujuan or sasaran."),
                )
        code = ref.code or self._next_code(above)
        if any(node.code == code for node in self.children[above]):
            raise Misplaced(
                ref,
                _("The code %(code)s already stands in the same place. Choose another one.")
                % {"code": code},
            )
        key = f"{sheet}!{ref.cell}:{ref.level}"
        self.new[key] = NewNode(key, above, ref.level, code, ref.name, ref.cell)
        self._add(_Known(key, above, ref.level, code, ref.name))
        return key

    def _only_vision(self) -> Place | None:
        return self._visions[0].place if len(self._visions) == 1 else None

    def _next_code(self, above: Place | None) -> str:
        """`2` below the vision, `1.2` below mission 1: the first that is free."""
        node = self.known.get(above) if above is not None else None
        before = f"{node.code}." if node and node.level != NodeLevel.VISION else ""
        taken = {each.code for each in self.children[above]}
        number = 1
        while f"{before}{number}" in taken:
            number += 1
        return f"{before}{number}"

"""Instruments (LKE) to read: the editions, one of them whole, and what differs between two."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessments.instrument import Instrument
from assessments.instrument_diff import Change, Difference, Kind, difference
from assessments.permissions import reads_worksheets
from assessments.queries import instruments as queries
from assessments.queries.instruments import Edition
from assessments.views.shared import crumbs
from integrity_portal.core.formatting import number_id
from integrity_portal.core.http import or_404
from opd.http import PortalRequest, screen


@screen(reads_worksheets)
@require_safe
def instrument_list(request: PortalRequest) -> HttpResponse:
    found = queries.editions()
    context = {
        "editions": found,
        "gate_tables": [gate_tables(each.instrument) for each in found],
        "breadcrumbs": crumbs((_("Instruments (LKE)"), "")),
    }
    return render(request, "assessments/instruments/list.html", context)


@screen(reads_worksheets)
@require_safe
def instrument(request: PortalRequest, pk: int) -> HttpResponse:
    """Everything that an edition says: tree, gates, questions with criteria, proofs, doubts."""
    edition = or_404(queries.edition_of(pk))
    found = edition.instrument
    context = {
        "edition": edition,
        "instrument": found,
        "tree": _tree(found),
        "gates": gate_tables(found),
        "others": [each for each in queries.editions() if each.row.pk != pk],
        "breadcrumbs": _crumbs((_title(edition), "")),
    }
    return render(request, "assessments/instruments/instrument.html", context)


@screen(reads_worksheets)
@require_safe
def instrument_diff(request: PortalRequest, pk: int, other: int) -> HttpResponse:
    """From the edition `other` to the edition `pk`."""
    after, before = or_404(queries.edition_of(pk)), or_404(queries.edition_of(other))
    if pk == other:
        raise Http404
    found = difference(before.instrument, after.instrument)
    here = (_title(after), reverse("assessments:instrument", args=[pk]))
    context = {
        "before": before,
        "after": after,
        "found": found,
        "sections": _sections(found),
        "breadcrumbs": _crumbs(here, (_("What differs"), "")),
    }
    return render(request, "assessments/instruments/diff.html", context)


def _title(edition: Edition) -> str:
    return _("%(short)s, edition %(edition)d") % {
        "short": edition.instrument.short,
        "edition": edition.row.edition,
    }


def _crumbs(*steps: tuple[Any, str]) -> list[dict[str, Any]]:
    return crumbs((_("Instruments (LKE)"), reverse("assessments:instruments")), *steps)


# --- the tree ---


@dataclass(frozen=True)
class Row:
    code: str
    title: str
    depth: int
    weight: Decimal
    questions: tuple[Any, ...]

    @property
    def doubts(self) -> int:
        return sum(len(question.doubts) for question in self.questions)


def _tree(found: Instrument) -> list[Row]:
    depth: dict[str, int] = {}
    rows = []
    for code, node in found.tree.nodes.items():
        depth[code] = depth[node.parent] + 1 if node.parent else 0
        questions = found.questions_of(code) if node.questions else ()
        title = str(found.titles[code])
        rows.append(Row(code, title, depth[code], node.weight, questions))
    return rows


# --- gates ---


@dataclass(frozen=True)
class GateRow:
    """One minimum with what each predicate asks of it."""

    title: str
    nodes: str
    wbk: str
    wbbm: str
    is_confirmed: bool


@dataclass(frozen=True)
class GateTable:
    title: str
    rows: list[GateRow]


def gate_tables(found: Instrument) -> list[GateTable]:
    """What always holds, then the area gates of each reading."""
    names = {"": _("Always")} | {row.code: str(row.text) for row in found.readings}
    tables = [GateTable(title, _gates(found, code)) for code, title in names.items()]
    return [table for table in tables if table.rows]


def _gates(found: Instrument, reading: str) -> list[GateRow]:
    by_place: dict[tuple[str, str], dict[str, str]] = {}
    unconfirmed = set()
    for gate in found.tree.gates:
        if gate.reading != reading:
            continue
        place = (str(found.gate_titles[gate.code]), " + ".join(gate.nodes))
        said = f"{number_id(gate.minimum)}{'%' if gate.is_percent else ''}"
        by_place.setdefault(place, {})[gate.predicate] = said
        if gate.code in found.unconfirmed:
            unconfirmed.add(place)
    return [
        GateRow(title, nodes, row.get("wbk", "–"), row.get("wbbm", "–"), place not in unconfirmed)
        for place, row in by_place.items()
        for title, nodes in [place]
    ]


# --- what differs ---


def _sections(found: Difference) -> list[tuple[str, list[dict[str, Any]]]]:
    titles = {
        Kind.ADDED: _("Added"),
        Kind.REMOVED: _("Removed"),
        Kind.WEIGHT: _("Weighed differently"),
        Kind.SCALE: _("Another scale or formula"),
        Kind.WORDS: _("Other words"),
        Kind.GATE: _("Gates"),
    }
    rows = {kind: [_said(row) for row in found.of(kind)] for kind in titles}
    return [(title, rows[kind]) for kind, title in titles.items() if rows[kind]]


def _said(row: Change) -> dict[str, Any]:
    before, after = _value(row.before), _value(row.after)
    if before == after:
        before = after = _("only the text in the other language differs")
    return {
        "code": row.code,
        "title": row.title,
        "what": _what(row.what),
        "before": before,
        "after": after,
    }


def _value(value: Any) -> str:
    if value is None:
        return "–"
    return number_id(value) if isinstance(value, Decimal) else str(value)


def _what(what: str) -> str:
    noun, _space, key = what.partition(" ")
    words = {
        "node": _("weight"),
        "question": _("points at stake"),
        "worth": _("points at stake"),
        "title": _("title"),
        "text": _("question"),
        "note": _("note"),
        "scale": _("scale"),
        "formula": _("formula"),
        "option": _("option %(key)s"),
        "count": _("count %(key)s"),
        "evidence": _("typical proof %(key)s"),
        "doubt": _("doubt %(key)s"),
        "gate": _("minimum"),
    }
    return words[noun] % {"key": key}

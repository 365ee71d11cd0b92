"""Reads of declarations: lists, one act with everything, its text, and what it still lacks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, F, Prefetch, Q, QuerySet, Value, When
from django.utils import translation
from django.utils.translation import gettext as _

from assessments.charter import Charter, SignatoryLine
from assessments.enums import AttendeeKind, DeclarationScope, DeclarationState
from assessments.models import (
    Attendee,
    Declaration,
    DeclarationUnit,
    FormerText,
    Pledge,
    Signatory,
    SignatoryUnit,
    Signature,
)
from assessments.queries.presence import absent_sentences
from integrity_portal.core.formatting import partial_date
from integrity_portal.core.jobs import JobState
from integrity_portal.core.models import Document
from opd.enums import UnitKind
from opd.models import Membership, Unit
from opd.transitions import Missing

PIAGAM = "declaration.piagam"
UNFINISHED = (JobState.WAITING, JobState.RUNNING)


def declaration_list(membership: Membership, *, state: str = "") -> QuerySet[Declaration]:
    """Open ones first, then drafts, then the closed by their day, newest first."""
    standing = Q(signatories__signatures__isnull=False, signatories__signatures__withdrawn_at=None)
    rows = Declaration.objects.visible_to(membership)
    if state in DeclarationState.values:
        rows = rows.filter(state=state)
    return rows.annotate(
        unit_count=Count("units", distinct=True),
        signatory_count=Count("signatories", distinct=True),
        signed_count=Count("signatories", filter=standing, distinct=True),
    ).order_by(
        Case(
            When(state=DeclarationState.OPEN, then=Value(0)),
            When(state=DeclarationState.DRAFT, then=Value(1)),
            default=Value(2),
        ),
        F("held_on").desc(nulls_first=True),
        "-pk",
    )


def declaration_of(membership: Membership, pk: int) -> Declaration | None:
    """One act with units, signatories and everything they point to: a constant number of reads."""
    return (
        Declaration.objects.visible_to(membership)
        .select_related("government")
        .prefetch_related(*whole_act())
        .filter(pk=pk)
        .first()
    )


def whole_act() -> "list[Prefetch[Any]]":
    signatures = Signature.objects.select_related("scan", "recorded_by", "withdrawn_by").order_by(
        "pk"
    )
    for_units = SignatoryUnit.objects.select_related("declared").order_by("declared__position")
    signatories = Signatory.objects.select_related("membership").order_by("position")
    units = DeclarationUnit.objects.select_related("unit").order_by("position", "pk")
    return [
        Prefetch("units", units),
        Prefetch("pledges", Pledge.objects.order_by("position")),
        Prefetch("attendees", Attendee.objects.order_by("kind", "position")),
        Prefetch(
            "signatories",
            signatories.prefetch_related(
                Prefetch("signatures", signatures), Prefetch("signs_for", for_units)
            ),
        ),
    ]


def former_texts(declaration: Declaration) -> list[FormerText]:
    """Texts that were open for signing before, the newest first."""
    return list(declaration.former_texts.order_by("-replaced_at", "-pk"))


def charter_of(declaration: Declaration) -> Charter:
    """The words that are signed; always Indonesian."""
    with translation.override("id"):
        held = partial_date(declaration.held)
    return Charter(
        government=declaration.government.official_name,
        title=declaration.title,
        held=held,
        place=declaration.place,
        is_historic=bool(declaration.source),
        purpose=declaration.purpose,
        basis=declaration.basis,
        units=tuple(row.printed_name for row in declaration.units.order_by("position", "pk")),
        pledges=tuple(declaration.pledges.order_by("position").values_list("text", flat=True)),
        signatories=tuple(_lines(declaration)),
    )


def _lines(declaration: Declaration) -> Iterable[SignatoryLine]:
    rows = declaration.signatories.order_by("position").prefetch_related("signs_for__declared")
    for row in rows:
        units = sorted((s.declared for s in row.signs_for.all()), key=lambda unit: unit.position)
        yield SignatoryLine(row.printed_title, row.name, tuple(u.printed_name for u in units))


def missing_to_open(declaration: Declaration) -> list[Missing]:
    """What must be there before anybody is asked to sign."""
    declared = _declared(declaration)
    units = len(declared)
    wanted = (
        (not declaration.held_on, _("The day on which it is held is missing."), "#facts"),
        (not declaration.place, _("The place is missing."), "#facts"),
        (not declaration.purpose, _("The purpose is missing."), "#facts"),
        (not units, _("No unit is declared yet."), "#units"),
        (
            declaration.scope == DeclarationScope.OWN and units > 1,
            _("A unit's own declaration has exactly one unit."),
            "#units",
        ),
        (
            not declaration.signatories.exists(),
            _("There is no signatory yet."),
            "#signatories",
        ),
    )
    missing = [Missing(sentence, anchor) for lacks, sentence, anchor in wanted if lacks]
    return missing + _absent(declaration, declared)


def _declared(declaration: Declaration) -> list[Unit]:
    """Reads the prefetched rows where there are any."""
    if "units" in getattr(declaration, "_prefetched_objects_cache", {}):
        return [row.unit for row in declaration.units.all()]
    rows = declaration.units.select_related("unit").order_by("position", "pk")
    return [row.unit for row in rows]


def _absent(declaration: Declaration, units: Iterable[Unit]) -> list[Missing]:
    return [Missing(words, "#units") for words in absent_sentences(units, declaration.held)]


def missing_to_close(
    declaration: Declaration, today: date, places: Iterable[Signatory] | None = None
) -> list[Missing]:
    """One sentence per signature that is not there yet, in the order of signing.

    A signature in the portal counts for the very text that was signed. `places`: the signatories
    with their signatures, where they were read already.
    """
    if places is None:
        rows = declaration.signatories.order_by("position").prefetch_related("signatures")
        places = list(rows)
    missing = []
    for row in places:
        sentence = _sentence_on(row, declaration)
        if sentence:
            words = sentence % {"title": row.printed_title}
            missing.append(Missing(words, f"#signatory-{row.pk}"))
    if declaration.held_on and declaration.held_on > today:
        missing.append(Missing(_("The day of the declaration has not come yet."), "#facts"))
    return missing + _absent(declaration, _declared(declaration))


def _sentence_on(place: Signatory, declaration: Declaration) -> str:
    signature = place.signature
    if signature is None:
        return _("The signature of %(title)s is missing.")
    if signature.text_sha256 and signature.text_sha256 != declaration.text_sha256:
        return _("%(title)s signed another text: withdraw that signature and ask again.")
    return ""


def missing_reason(reason: str) -> list[Missing]:
    return [] if reason.strip() else [Missing(_("Write the reason of the correction."), "")]


def was_closed(declaration: Declaration) -> bool:
    return declaration.steps.filter(name="close").exists()


def was_signed(declaration: Declaration) -> bool:
    """Whether anybody ever signed it; a withdrawn signature was given as well."""
    return Signature.objects.filter(signatory__declaration=declaration).exists()


def closed_once(declaration: Declaration) -> list[Missing]:
    """In the way of discarding: what declared its units once is history."""
    if not was_closed(declaration):
        return []
    return [
        Missing(
            _(
                "This declaration was closed before, so it is not discarded. "
                "Correct it, open it for signing and close it again."
            )
        )
    ]


def missing_reason_to_discard(declaration: Declaration, reason: str) -> list[Missing]:
    if reason.strip() or not was_signed(declaration):
        return []
    return [Missing(_("Somebody has signed this declaration: write why it is discarded."))]


def signed_places(declaration: Declaration) -> list[Signatory]:
    """Places with a signature that stands, in the order of signing."""
    rows = declaration.signatories.filter(
        signatures__isnull=False, signatures__withdrawn_at=None
    ).distinct()
    return list(rows.order_by("position"))


def signatures_in_the_way(declaration: Declaration) -> list[Missing]:
    """Whoever has signed has signed this text: withdraw first, then change it."""
    return [
        Missing(
            _("%(title)s has signed this text already: withdraw that signature first.")
            % {"title": row.printed_title},
            f"#signatory-{row.pk}",
        )
        for row in signed_places(declaration)
    ]


Place = Signatory  # what readers of this query call its rows


def unsigned_places(government_id: int) -> list[Place]:
    """Whoever has still to sign an open declaration, each with it: one query."""
    signed = Signature.objects.filter(withdrawn_at=None).values("signatory")
    rows = Signatory.objects.filter(
        declaration__government_id=government_id, declaration__state=DeclarationState.OPEN
    ).exclude(pk__in=signed)
    return list(
        rows.select_related("declaration").order_by(
            "declaration__sign_by", "declaration", "position"
        )
    )


def waiting_for(membership: Membership) -> QuerySet[Signatory]:
    """Places in open declarations where this very office has still to sign."""
    signed = Signature.objects.filter(withdrawn_at=None).values("signatory")
    return (
        Signatory.objects.filter(membership=membership, declaration__state=DeclarationState.OPEN)
        .exclude(pk__in=signed)
        .select_related("declaration")
        .order_by("declaration__sign_by", "pk")
    )


def units_to_choose(membership: Membership) -> list[tuple[str, list[Unit]]]:
    """All units of the government by kind, closed ones as well: history needs them."""
    rows = Unit.objects.filter(government_id=membership.government_id).order_by("name", "pk")
    groups: dict[str, list[Unit]] = {}
    for unit in rows:
        groups.setdefault(unit.kind, []).append(unit)
    return [(str(label), groups[kind]) for kind, label in UnitKind.choices if kind in groups]


def offices_to_choose(membership: Membership, today: date) -> QuerySet[Membership]:
    """Offices of the government that are held today, for signing in the portal."""
    return (
        Membership.objects.valid_on(today)
        .filter(government_id=membership.government_id)
        .exclude(role="tpn_reviewer")
        .select_related("unit")
        .order_by("title", "pk")
    )


def attendees_of(declaration: Declaration) -> list[tuple[AttendeeKind, list[str]]]:
    """Witnesses, then the others who were there."""
    rows = sorted(declaration.attendees.all(), key=lambda row: row.position)
    return [(kind, [row.text for row in rows if row.kind == kind]) for kind in AttendeeKind]


@dataclass(frozen=True)
class PiagamState:
    """`document` can be downloaded: the one that shows the present, otherwise the newest."""

    document: Document | None
    unfinished: Document | None
    is_current: bool
    has_failed: bool

    @property
    def can_be_made(self) -> bool:
        """Only when there is something new to show, and nobody is at it."""
        return self.unfinished is None and not self.is_current


def piagam_state(declaration: Declaration, shows: str) -> PiagamState:
    """`shows`: the hash of what a piagam made now would hold."""
    rows = list(_piagams(declaration).select_related("file"))
    done = [row for row in rows if row.job_state == JobState.DONE]
    current = next((row for row in done if row.content_hash == shows), None)
    return PiagamState(
        document=current or next(iter(done), None),
        unfinished=next((row for row in rows if row.job_state in UNFINISHED), None),
        is_current=current is not None,
        has_failed=bool(rows) and rows[0].job_state == JobState.DEAD and current is None,
    )


def _piagams(declaration: Declaration) -> QuerySet[Document]:
    return Document.objects.filter(
        government_id=declaration.government_id,
        kind=PIAGAM,
        params__declaration=declaration.pk,
    ).order_by("-pk")

"""What must be present before a step of a work-sheet, and what stood when it was approved."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.db.models import F, OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext

from assessments import scoring
from assessments.enums import OPEN_MARKS, Assessor, ItemMark, UseVerdict
from assessments.models import Answer, EvidenceRevision, EvidenceUse, Worksheet, WorksheetItem
from assessments.queries.worksheets import given, is_answered
from opd.transitions import Check, Missing


def checks() -> dict[str, Check]:
    return {
        "answers": unanswered,
        "carried": still_carried,
        "returned": still_returned,
        "not_reviewed": already_reviewed,
        "scored": unscored,
        "reasons": without_reason,
        "something_returned": nothing_returned,
        "nothing_open": still_open,
        "repairs_seen": unseen_repairs,
    }


def page_of(item: WorksheetItem) -> str:
    page = reverse("assessments:worksheet_part", args=[item.worksheet_id, item.sub_aspect])
    return f"{page}#{item.code}"


def question_page_of(item: WorksheetItem) -> str:
    """Where its thread and the buttons of a return stand."""
    page = reverse("assessments:worksheet_question", args=[item.worksheet_id, item.code])
    return f"{page}#thread"


def unanswered(sheet: Worksheet) -> Iterable[Missing]:
    """By part of the sheet. Survey indexes are the ministry's and may come later."""
    yield from _by_part(
        _without(sheet, Assessor.UNIT),
        lambda count: ngettext("%(part)s: one question", "%(part)s: %(count)d questions", count),
    )


def still_carried(sheet: Worksheet) -> Iterable[Missing]:
    rows = sheet.items.filter(mark=ItemMark.CARRIED).order_by("position")
    yield from _by_part(
        list(rows),
        lambda count: ngettext(
            "%(part)s: one carried answer to be reviewed",
            "%(part)s: %(count)d carried answers to be reviewed",
            count,
        ),
    )


def still_returned(sheet: Worksheet) -> Iterable[Missing]:
    for item in sheet.items.filter(mark__in=OPEN_MARKS).order_by("position"):
        sentence = _("%(code)s is not repaired yet") % {"code": item.code}
        yield Missing(sentence, question_page_of(item))


def already_reviewed(sheet: Worksheet) -> Iterable[Missing]:
    if (
        sheet.round > 1
        or Answer.objects.filter(item__worksheet=sheet, assessor=Assessor.TPI).exists()
    ):
        yield Missing(_("The TPI has begun to score; ask there to return it."))


def unscored(sheet: Worksheet) -> Iterable[Missing]:
    yield from _by_part(
        _without(sheet, Assessor.TPI),
        lambda count: ngettext(
            "%(part)s: one question without a score of the TPI",
            "%(part)s: %(count)d questions without a score of the TPI",
            count,
        ),
    )


def without_reason(sheet: Worksheet) -> Iterable[Missing]:
    """Scores of the TPI that differ from the unit's without a word; a later answer may cause it."""
    for item in differing(sheet):
        yield Missing(
            _("%(code)s: the scores differ and nobody wrote why") % {"code": item.code},
            page_of(item),
        )


def differing(sheet: Worksheet) -> list[WorksheetItem]:
    """Questions with different scores of unit and TPI, without a reason."""
    questions = sheet.instrument.instrument.questions
    found: dict[int, dict[str, Answer]] = {}
    rows = Answer.objects.filter(item__worksheet=sheet, assessor__in=["unit", "tpi"])
    for row in rows.select_related("item").order_by("item__position"):
        found.setdefault(row.item_id, {})[row.assessor] = row
    return [
        pair["tpi"].item
        for pair in found.values()
        if len(pair) == 2
        and not pair["tpi"].reason
        and scoring.value_of(questions[pair["tpi"].item.code].asked, given(pair["tpi"]))
        != scoring.value_of(questions[pair["tpi"].item.code].asked, given(pair["unit"]))
    ]


def nothing_returned(sheet: Worksheet) -> Iterable[Missing]:
    if not sheet.items.filter(mark=ItemMark.RETURNED).exists():
        yield Missing(_("Return at least one question with a message first."))


def unseen_repairs(sheet: Worksheet) -> Iterable[Missing]:
    for item in sheet.items.filter(mark=ItemMark.REPAIRED).order_by("position"):
        sentence = _("%(code)s was repaired and nobody has looked at it yet")
        yield Missing(sentence % {"code": item.code}, question_page_of(item))


def still_open(sheet: Worksheet) -> Iterable[Missing]:
    for item in sheet.items.filter(mark__in=OPEN_MARKS).order_by("position"):
        sentence = _("%(code)s is still open to the unit") % {"code": item.code}
        yield Missing(sentence, question_page_of(item))


def _without(sheet: Worksheet, assessor: Assessor) -> list[WorksheetItem]:
    """Questions that this side has not answered, but for survey indexes."""
    questions = sheet.instrument.instrument.questions
    answers = Answer.objects.filter(item__worksheet=sheet, assessor=assessor)
    said = {row.item_id: row for row in answers}
    return [
        row
        for row in sheet.items.order_by("position")
        if questions[row.code].scale.kind is not scoring.ScaleKind.INDEX
        and not is_answered(questions[row.code], said.get(row.pk))
    ]


def _by_part(rows: list[WorksheetItem], sentence: Any) -> Iterable[Missing]:
    parts: dict[str, list[WorksheetItem]] = {}
    for row in rows:
        parts.setdefault(row.sub_aspect, []).append(row)
    for part, items in parts.items():
        words = sentence(len(items)) % {"part": part, "count": len(items)}
        yield Missing(words, page_of(items[0]))


# --- what was approved ---


def content_of(sheet: Worksheet) -> dict[str, str]:
    """Question → hash of its answers and of the proofs that stand there, in three queries."""
    parts: dict[str, list[Any]] = {}
    answers = Answer.objects.filter(item__worksheet=sheet).exclude(assessor=Assessor.TPN)
    for row in answers.select_related("item").order_by("item__position", "assessor"):
        said = [row.option, row.counts, str(row.index), row.zero_as, row.note, row.reason]
        parts.setdefault(row.item.code, []).append([row.assessor, *said])
    newest = EvidenceRevision.objects.filter(evidence=OuterRef("evidence")).order_by("-number")
    uses = list(
        EvidenceUse.objects.filter(item__worksheet=sheet)
        .annotate(newest=Subquery(newest.values("pk")[:1]), code=F("item__code"))
        .order_by("item__position", "evidence_id")
    )
    # What was judged counts: a revision made for a later year does not change an approved sheet.
    shown = {use.pk: use.verdict_revision_id or use.newest for use in uses}
    revisions = EvidenceRevision.objects.select_related("stored").in_bulk(set(shown.values()))
    for use in uses:
        revision = revisions[shown[use.pk]]
        sha256 = revision.stored.sha256 if revision.stored else revision.url
        parts.setdefault(use.code, []).append([use.evidence_id, revision.pk, sha256, use.pages])
    return {code: fingerprint(rows) for code, rows in parts.items()}


def fingerprint(content: Any) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def changed_since(sheet: Worksheet) -> list[str]:
    """Questions that no longer stand as they were approved last; none before any approval."""
    last = sheet.approvals.order_by("-pk").first()
    if last is None:
        return []
    now = content_of(sheet)
    return sorted(
        code for code in now.keys() | last.content.keys() if now.get(code) != last.content.get(code)
    )


def accepted_uses(sheet: Worksheet) -> int:
    return EvidenceUse.objects.filter(item__worksheet=sheet, verdict=UseVerdict.ACCEPTED).count()

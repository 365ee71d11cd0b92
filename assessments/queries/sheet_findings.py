"""The rows that the checker of a work-sheet looks at: few queries, however much is answered."""

from datetime import date

from assessments.enums import Assessor, ItemMark
from assessments.models import Answer, EvidenceUse, Worksheet
from assessments.queries.worksheet_checks import changed_since
from assessments.queries.worksheet_pages import shown_assessors
from assessments.queries.worksheets import given
from assessments.sheet_checks import Finding, Opinion, Proof, Row, check_rules, findings
from opd.models import Membership


def findings_of(sheet: Worksheet, membership: Membership, today: date) -> list[Finding]:
    """What the checker says to this person: only of assessors whose scores he reads."""
    rows = _rows(sheet, shown_assessors(sheet, membership))
    return findings(rows, year=sheet.year, today=today, rules=check_rules())


def _rows(sheet: Worksheet, shown: frozenset[str]) -> list[Row]:
    marks = dict(sheet.items.values_list("code", "mark"))
    answers = _answers(sheet, shown)
    proofs = _proofs(sheet)
    changed = set(changed_since(sheet))
    return [
        Row(
            question=question,
            given=given(mine) if (mine := answers.get(code, {}).get(Assessor.UNIT)) else None,
            proofs=proofs.get(code, ()),
            opinions={
                name: Opinion(given(row), row.reason)
                for name, row in answers.get(code, {}).items()
                if name != Assessor.UNIT
            },
            is_carried=marks.get(code) == ItemMark.CARRIED,
            is_changed=code in changed,
        )
        for code, question in sheet.instrument.instrument.questions.items()
    ]


def _answers(sheet: Worksheet, shown: frozenset[str]) -> dict[str, dict[str, Answer]]:
    found: dict[str, dict[str, Answer]] = {}
    rows = Answer.objects.filter(item__worksheet=sheet, assessor__in=shown)
    for row in rows.select_related("item"):
        found.setdefault(row.item.code, {})[row.assessor] = row
    return found


def _proofs(sheet: Worksheet) -> dict[str, list[Proof]]:
    found: dict[str, list[Proof]] = {}
    uses = EvidenceUse.objects.filter(item__worksheet=sheet).select_related("item", "evidence")
    for use in uses.order_by("pk"):
        proof = use.evidence
        row = Proof(proof.title, proof.dated_on, proof.valid_until)
        found.setdefault(use.item.code, []).append(row)
    return found

"""Proofs of service, and the answers of those who were served."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from assessments import survey_proofs as proofs
from assessments.enums import ProofKind, SurveyDoor, SurveyState
from assessments.locking import held_survey
from assessments.models import SurveyProof, SurveyResponse, SurveyRound, SurveyService
from assessments.survey_instruments import Survey
from assessments.survey_rules import NOT_KNOWN
from integrity_portal.core import ledger
from opd.models import Membership
from opd.transitions import StepRefused

MOST_CODES = 500
MOST_RECEIPTS = 2000
COMMENT_LIMIT = 2000


class AnswerRefused(StepRefused):
    """The sentence belongs to this field of the form."""

    def __init__(self, field_name: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field_name


class RoundClosed(StepRefused):
    """Nobody answers now: not yet, or no more."""


@dataclass(frozen=True)
class Given:
    """What a citizen sends. `proof` as it was typed; empty without one."""

    answers: Mapping[str, int]
    form_key: str
    proof: str = ""
    service: int | None = None
    profile: Mapping[str, str] = field(default_factory=dict)
    comment: str = ""


@dataclass(frozen=True)
class Receipts:
    """How many of a list are new, were there before, and cannot be a receipt number."""

    added: int
    known: int
    refused: list[str]


@transaction.atomic
def make_codes(
    *,
    round: SurveyRound,
    number: int,
    service: SurveyService | None,
    served_on: date | None,
    by: Membership,
    today: date,
) -> list[str]:
    """New codes, told this once: only their hashes are kept. Raises StepRefused."""
    row = _giving(round, by)
    if not 1 <= number <= MOST_CODES:
        raise StepRefused(_("Make between 1 and %(most)d codes at a time.") % {"most": MOST_CODES})
    codes: set[str] = set()
    while len(codes) < number:
        codes.add(proofs.new_code())
    SurveyProof.objects.bulk_create(
        _proof(row, code, ProofKind.CODE, service, served_on, today) for code in codes
    )
    ledger.record("survey_round.codes_made", row, by=by, codes={"count": number})
    return sorted(codes)


@transaction.atomic
def add_receipts(
    *,
    round: SurveyRound,
    numbers: Iterable[str],
    service: SurveyService | None,
    served_on: date | None,
    by: Membership,
    today: date,
) -> Receipts:
    """Receipt numbers that prove a service. Raises StepRefused for a list with a NIK in it."""
    row = _giving(round, by)
    typed = [line.strip() for line in numbers if line.strip()]
    if any(proofs.has_nik(line) for line in typed):
        raise StepRefused(
            _("A line looks like a NIK. Use receipt numbers only; nobody's NIK is needed here.")
        )
    if len(typed) > MOST_RECEIPTS:
        raise StepRefused(
            _("At most %(most)d receipt numbers at a time.") % {"most": MOST_RECEIPTS}
        )
    compact = {line: proofs.normalise(line) for line in typed}
    fresh = {one for one in compact.values() if one}
    made = [_proof(row, one, ProofKind.RECEIPT, service, served_on, today) for one in sorted(fresh)]
    there = row.proofs.filter(hash__in=[one.hash for one in made]).count()
    SurveyProof.objects.bulk_create(made, ignore_conflicts=True)
    refused = [line for line, one in compact.items() if one is None]
    codes: dict[str, ledger.Code] = {"count": len(made) - there}
    ledger.record("survey_round.receipts_added", row, by=by, codes=codes)
    return Receipts(len(made) - there, there, refused)


@transaction.atomic
def answer_survey(*, round: SurveyRound, given: Given, today: date) -> bool:
    """Keep one answer; False where the same form was sent before. No ledger entry: its moment
    would be finer than the day; closing the round records how many there are, and their hash.

    Raises RoundClosed, AnswerRefused.
    """
    key = proofs.form_hash(round.pk, given.form_key)
    if SurveyResponse.objects.filter(form_hash=key).exists():
        return False
    row = SurveyRound.objects.select_for_update(of=("self",), no_key=True).get(pk=round.pk)
    if SurveyResponse.objects.filter(form_hash=key).exists():
        return False
    if row.state != SurveyState.OPEN or not row.opens_on <= today <= row.closes_on:
        raise RoundClosed(_("This survey is not open today."))
    survey = row.asked
    answers = _answers(given.answers, survey)
    comment = given.comment.strip()[:COMMENT_LIMIT]
    if proofs.has_nik(comment):
        raise AnswerRefused(
            "comment", _("Your text looks as if it has a NIK in it. Take that number out.")
        )
    proof = _take_proof(row, given.proof)
    SurveyResponse.objects.create(
        government_id=row.government_id,
        round=row,
        service_id=proof.service_id if proof and proof.service_id else _service(row, given),
        answers=answers,
        profile=_profile(given.profile, survey),
        comment=comment,
        answered_on=today,
        has_proof=proof is not None,
        form_hash=key,
    )
    return True


def _giving(round: SurveyRound, by: Membership) -> SurveyRound:
    row = held_survey(round, by)
    if row.is_counted:
        raise StepRefused(_("This survey is closed; no proof counts any more."))
    return row


def _proof(
    row: SurveyRound,
    compact: str,
    kind: str,
    service: SurveyService | None,
    served_on: date | None,
    today: date,
) -> SurveyProof:
    if service is not None and service.round_id != row.pk:
        raise StepRefused(_("Choose a service of this survey."))
    return SurveyProof(
        government_id=row.government_id,
        round=row,
        hash=proofs.proof_hash(row.pk, compact),
        kind=kind,
        service=service,
        served_on=served_on,
        made_on=today,
    )


def _take_proof(row: SurveyRound, typed: str) -> SurveyProof | None:
    """The proof, used up now. The same sentence for none and for one of another survey."""
    if not typed.strip():
        if row.door == SurveyDoor.PROOF:
            raise AnswerRefused(
                "proof", _("Type the code on your slip, or the number of your receipt.")
            )
        return None
    compact = proofs.normalise(typed)
    key = proofs.proof_hash(row.pk, compact) if compact else ""
    found = row.proofs.filter(hash=key).first()
    if found is None:
        raise AnswerRefused(
            "proof",
            _("We do not know this code. Compare it with your slip, letter by letter."),
        )
    if not SurveyProof.objects.filter(pk=found.pk, is_used=False).update(is_used=True):
        raise AnswerRefused("proof", _("This code was used already. Each code counts once."))
    return found


def _answers(given: Mapping[str, int], survey: Survey) -> dict[str, int]:
    kept = {}
    for item in survey.items:
        value = given.get(item.code)
        if value is None or not NOT_KNOWN <= value <= survey.highest:
            raise AnswerRefused(item.code, _("Choose one of the answers."))
        kept[item.code] = value
    if not any(kept.values()):
        raise AnswerRefused("", _("Judge at least one of the questions."))
    return kept


def _profile(given: Mapping[str, str], survey: Survey) -> dict[str, str]:
    return {
        question.code: given[question.code]
        for question in survey.profile
        if given.get(question.code) in question.options
    }


def _service(row: SurveyRound, given: Given) -> int | None:
    if given.service is None:
        return None
    found = row.services.filter(pk=given.service).values_list("pk", flat=True).first()
    if found is None:
        raise AnswerRefused("service", _("Choose one from the list."))
    return found

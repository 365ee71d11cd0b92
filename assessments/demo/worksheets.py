"""Work-sheets of the demonstration, at every stage: invented answers, real steps."""

import zlib
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import yaml

from assessments.actions import answers, reviews, worksheet_items, worksheets
from assessments.actions.answers import Said
from assessments.actions.instruments import load_instruments
from assessments.demo import evidence
from assessments.demo.reviewing import Reviewing, name_team
from assessments.demo.workplans import find_unit, moment, office
from assessments.enums import Assessor
from assessments.instrument import QuestionText
from assessments.models import Answer, InstrumentEdition, IntegrityZone, Worksheet, WorksheetItem
from assessments.queries.worksheets import edition_for
from assessments.scoring import ScaleKind
from assessments.sheet_keeping import keep_score, locked_sheet
from opd.enums import Role
from opd.models import Government, Membership

DATA = Path(__file__).parent / "data" / "worksheets.yaml"
# What came of a question that was not answered at its best, by counts out of ten.
PARTLY = "7"


def load(today: date) -> None:
    load_instruments(now=moment(today, 7))
    edition = edition_for(today.year)
    for slug, rows in yaml.safe_load(DATA.read_text()).items():
        government = Government.objects.filter(slug=slug).first()
        if government is None or edition is None:
            continue
        name_team(government, today.year - 1)
        for row in rows:
            zone = IntegrityZone.objects.filter(
                unit=find_unit(government, row["unit"]), closed_on=None
            ).first()
            if zone is not None:
                _Loader(zone, edition, today, row).load()


class _Loader:
    def __init__(
        self, zone: IntegrityZone, edition: InstrumentEdition, today: date, facts: dict[str, Any]
    ) -> None:
        self.zone, self.edition, self.facts = zone, edition, facts
        self.today, self.year, self.now = today, today.year, moment(today, 7)
        offices = Membership.objects.filter(government=zone.government).order_by("pk")
        self.secretariat = offices.filter(role=Role.ZI_SECRETARIAT)[0]
        self.operator = office(zone.unit, Role.OPD_OPERATOR)
        self.head = office(zone.unit, Role.OPD_HEAD)
        self.review = Reviewing(zone, self.now)

    def load(self) -> None:
        before = self._last_year(self.facts["last_year"]) if "last_year" in self.facts else None
        sheet = self._sheet(self.year, before if self.facts.get("carried") else None)
        steps: dict[str, Callable[[Worksheet], Any]] = {
            "begun": self._begin,
            "half": self._fill_half,
            "sent": self._complete,
            "returned": self._return,
            "scored": self._score,
            "approved": self._approve,
        }
        steps[self.facts["until"]](sheet)

    def _last_year(self, level: int) -> Worksheet:
        """Approved in November of that year, by its own TPI."""
        now = moment(date(self.year - 1, 11, 20), 7)
        then = _Loader(self.zone, self.edition, now.date(), self.facts)
        sheet = then._sheet(then.year)
        if self.facts.get("carried"):
            evidence.prove(sheet, by=then.operator, today=then.today, now=then.now)
        then._fill(sheet, level)
        then.review.approve(then.review.score(then._submit(sheet), {}))
        return sheet

    def _sheet(self, year: int, copied_from: Worksheet | None = None) -> Worksheet:
        return worksheets.open_worksheet(
            zone=self.zone,
            year=year,
            edition=self.edition,
            by=self.secretariat,
            now=self.now,
            copied_from=copied_from,
        )

    def _share(self, sheet: Worksheet) -> None:
        """Rows of the data: who answers which questions, in how many days."""
        people = {"operator": self.operator, "head": self.head}
        for who, days, codes in self.facts.get("shared", []):
            wanted = [
                code for code in self.edition.instrument.questions if code.startswith(tuple(codes))
            ]
            worksheets.assign_items(
                sheet=sheet,
                codes=wanted,
                assignee=people[who],
                due_on=self.today + timedelta(days=days),
                by=self.head,
                now=self.now,
            )

    # --- the unit ---

    def _begin(self, sheet: Worksheet) -> None:
        self._fill(sheet, self.facts["level"], parts=("A.I.1.",))
        self._share(sheet)

    def _fill_half(self, sheet: Worksheet) -> None:
        """The first areas are reviewed; what was carried over stands in the others."""
        self._fill(sheet, self.facts["level"], parts=("A.I.1.", "A.I.2.", "A.I.3.", "A.I.4."))
        self._share(sheet)

    def _fill(self, sheet: Worksheet, level: int, parts: tuple[str, ...] = ("A", "B")) -> None:
        """All at once: what one by one would be a day of an operator's work."""
        questions = self.edition.instrument.questions
        items = [item for item in sheet.items.all() if item.sub_aspect.startswith(parts)]
        sheet.items.filter(pk__in=[item.pk for item in items]).update(mark="")
        rows = [self._answer(item, questions[item.code], level) for item in items]
        Answer.objects.bulk_create(
            [row for row in rows if row is not None],
            update_conflicts=True,
            unique_fields=["item", "assessor"],
            update_fields=["option", "counts", "index", "note"],
        )
        keep_score(locked_sheet(sheet.pk), Assessor.UNIT)

    def _answer(self, item: WorksheetItem, question: QuestionText, level: int) -> Answer | None:
        luck = zlib.crc32(f"{self.zone.unit.name}{item.code}".encode()) % 100
        said = self._said(question, luck, level)
        if said is None:
            return None
        return Answer(
            government_id=item.government_id,
            item=item,
            assessor=Assessor.UNIT,
            option=said.option,
            counts=said.counts,
            index=said.index,
            note=said.note,
            changed_by=self.operator,
            changed_at=self.now,
        )

    def _said(self, question: QuestionText, luck: int, level: int) -> Said | None:
        if question.scale.kind is ScaleKind.INDEX:
            name = "ipak" if question.code.startswith("B.I") else "ipkp"
            index = self.facts["survey"].get(name)
            return Said(index=Decimal(index)) if index else None
        if question.scale.kind is ScaleKind.RATIO:
            return Said(counts=_counts(question, is_full=luck < level))
        options = list(question.scale.options)
        place = 0 if luck < level else len(options) - 1 if luck >= 95 else 1
        note = f"Lihat {str(question.evidence[0]).lower()}." if luck % 3 == 0 else ""
        return Said(option=options[min(place, len(options) - 1)], note=note)

    # --- the TPI ---

    def _complete(self, sheet: Worksheet) -> Worksheet:
        """Every question with its proofs, shared out and sent by the head."""
        step: dict[str, Any] = {"by": self.operator, "today": self.today, "now": self.now}
        evidence.prove(sheet, all_valid=self.facts.get("all_valid", False), **step)
        self._fill(sheet, self.facts["level"])
        if self.facts.get("all_proven"):
            evidence.prove_all(sheet, **step)
        self._share(sheet)
        return self._submit(sheet)

    def _submit(self, sheet: Worksheet) -> Worksheet:
        return reviews.submit_worksheet(sheet=sheet, by=self.head, now=self.now)

    def _return(self, sheet: Worksheet) -> None:
        self.review.give_back(self._complete(sheet), self.facts["returned"])

    def _score(self, sheet: Worksheet) -> None:
        sheet = self.review.score(self._complete(sheet), self.facts.get("differing", {}))
        sheet = self.review.pass_up(sheet)
        self.review.unlock(sheet, self.facts.get("unlocked", {}))

    def _approve(self, sheet: Worksheet) -> None:
        sheet = self.review.score(self._complete(sheet), self.facts.get("differing", {}))
        sheet = self.review.approve(sheet)
        self.review.make_minutes(sheet, self.facts["minutes"], head=self.head)
        self.review.record_tpn(sheet, self.facts["tpn"])
        self.review.unlock(sheet, self.facts.get("unlocked", {}))
        for code, text in self.facts.get("changed", {}).items():
            self._change(sheet.items.get(code=code), text)

    def _change(self, item: WorksheetItem, text: str) -> None:
        """What was unlocked: another answer, and handed back with a word."""
        standing = Answer.objects.get(item=item, assessor=Assessor.UNIT)
        options = self.edition.instrument.questions[item.code].scale.options
        other = next(code for code in reversed(list(options)) if code != standing.option)
        answers.save_answer(
            item=item,
            assessor=Assessor.UNIT,
            said=Said(option=other, note=standing.note),
            version=standing.version,
            by=self.operator,
            now=self.now,
        )
        worksheet_items.repair_item(
            item=item, text=text, form_key=uuid4(), by=self.operator, now=self.now
        )


def _counts(question: QuestionText, *, is_full: bool) -> dict[str, str]:
    """Ten of everything; the part is ten as well, or seven."""
    ratio = question.asked.ratio
    part = {key for key, sign in ratio.part if sign > 0} if ratio else set()
    whole = {key for key, _sign in ratio.whole} if ratio else set()
    found = {}
    for count in question.counts:
        share = PARTLY if not is_full and count.key in part - whole else "10"
        found[count.key] = "0" if count.key in ("this_year", "in_process", "sanctioned") else share
    if len(whole) > 1:
        for key in part - whole:
            found[key] = str(10 * len(whole)) if is_full else str(7 * len(whole))
    return found

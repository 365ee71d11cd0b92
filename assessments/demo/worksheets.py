"""Work-sheets of the demonstration, at every stage: invented answers, real steps."""

import zlib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import yaml

from assessments.actions import answers, reviews, worksheet_items, worksheets
from assessments.actions.answers import Said
from assessments.actions.instruments import load_instruments
from assessments.demo import evidence
from assessments.demo.workplans import find_unit, moment
from assessments.enums import Assessor, WorksheetState
from assessments.instrument import QuestionText
from assessments.models import Answer, InstrumentEdition, IntegrityZone, Worksheet, WorksheetItem
from assessments.queries.worksheets import edition_for
from assessments.scoring import ScaleKind
from assessments.sheet_keeping import keep_score, locked_sheet
from opd.enums import Role, TpiFunction
from opd.models import Government, Membership, TpiMember

DATA = Path(__file__).parent / "data" / "worksheets.yaml"
# What came of a question that was not answered at its best, by counts out of ten.
PARTLY = "7"


def load(today: date) -> None:
    load_instruments(now=moment(today, 7))
    for slug, rows in yaml.safe_load(DATA.read_text()).items():
        government = Government.objects.filter(slug=slug).first()
        if government is None:
            continue
        for row in rows:
            zone = IntegrityZone.objects.filter(
                unit=find_unit(government, row["unit"]), closed_on=None
            ).first()
            edition = edition_for(today.year)
            if zone is not None and edition is not None:
                _Loader(zone, edition, today, row).load()


class _Loader:
    def __init__(
        self, zone: IntegrityZone, edition: InstrumentEdition, today: date, facts: dict[str, Any]
    ) -> None:
        self.zone, self.edition, self.facts = zone, edition, facts
        self.today, self.year, self.now = today, today.year, moment(today, 7)
        offices = Membership.objects.filter(government=zone.government).order_by("pk")
        self.secretariat = offices.filter(role=Role.ZI_SECRETARIAT)[0]
        own = offices.filter(unit=zone.unit).valid_on(today)
        self.operator = own.filter(role=Role.OPD_OPERATOR)[0]
        self.head = own.filter(role=Role.OPD_HEAD)[0]

    def load(self) -> None:
        before = None
        if "last_year" in self.facts:
            before = self._sheet(self.year - 1)
            self._fill(before, self.facts["last_year"])
        sheet = self._sheet(self.year, before)
        if self.facts["until"] != "begun":
            evidence.prove(sheet, by=self.operator, today=self.today, now=self.now)
        steps = {
            "begun": self._begin,
            "half": self._fill_half,
            "returned": self._return,
            "scored": self._score,
            "approved": self._approve,
        }
        steps[self.facts["until"]](sheet)

    def _sheet(self, year: int, copied_from: Worksheet | None = None) -> Worksheet:
        return worksheets.open_worksheet(
            zone=self.zone,
            year=year,
            edition=self.edition,
            by=self.secretariat,
            now=self.now,
            copied_from=copied_from,
        )

    # --- the unit ---

    def _begin(self, sheet: Worksheet) -> None:
        self._fill(sheet, self.facts["level"], parts=("A.I.1",))
        worksheets.assign_items(
            sheet=sheet,
            codes=[item.code for item in sheet.items.filter(sub_aspect__startswith="A.I.2")],
            assignee=self.operator,
            due_on=None,
            by=self.head,
            now=self.now,
        )

    def _fill_half(self, sheet: Worksheet) -> None:
        self._fill(sheet, self.facts["level"], parts=("A.I.1", "A.I.2", "A.I.3", "A.I.4"))

    def _fill(self, sheet: Worksheet, level: int, parts: tuple[str, ...] = ("A", "B")) -> None:
        """All at once: what one by one would be a day of an operator's work."""
        questions = self.edition.instrument.questions
        items = [item for item in sheet.items.all() if item.sub_aspect.startswith(parts)]
        sheet.items.update(mark="")
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

    def _submit(self, sheet: Worksheet) -> Worksheet:
        return reviews.submit_worksheet(sheet=sheet, by=self.head, now=self.now)

    def _holder(self, sheet: Worksheet) -> Membership:
        function = {
            "anggota": TpiFunction.ANGGOTA,
            "ketua": TpiFunction.KETUA,
            "inspektur": TpiFunction.PENANGGUNG_JAWAB,
        }[sheet.tier]
        rows = TpiMember.objects.filter(
            government=self.zone.government, team__year=sheet.year, function=function
        ).select_related("membership")
        own = rows.filter(membership__tpi_assignments__unit=self.zone.unit).first() or rows[0]
        return own.membership

    def _return(self, sheet: Worksheet) -> None:
        self._fill(sheet, self.facts["level"])
        sheet = self._submit(sheet)
        by = self._holder(sheet)
        for code, text in self.facts["returned"].items():
            worksheet_items.return_item(
                item=sheet.items.get(code=code), text=text, form_key=uuid4(), by=by, now=self.now
            )
        reviews.return_worksheet(
            sheet=sheet, note="Dua pertanyaan perlu diperbaiki.", by=by, now=self.now
        )

    def _score(self, sheet: Worksheet) -> Worksheet:
        self._fill(sheet, self.facts["level"])
        sheet = self._submit(sheet)
        by = self._holder(sheet)
        for item in sheet.items.filter(code__in=["A.I.1.iii.b", "A.I.6.ii.d", "A.I.4.i.c"]):
            options = list(self.edition.instrument.questions[item.code].scale.options)
            answers.save_answer(
                item=item,
                assessor=Assessor.TPI,
                said=Said(option=options[2], reason="Bukti hanya mencakup satu triwulan."),
                version=0,
                by=by,
                now=self.now,
            )
        evidence.judge(sheet, by=by, now=self.now)
        answers.agree(sheet=sheet, items=list(sheet.items.all()), by=by, now=self.now)
        return reviews.pass_worksheet(sheet=sheet, up=True, note="", by=by, now=self.now)

    def _approve(self, sheet: Worksheet) -> None:
        sheet = self._score(sheet)
        while sheet.state == WorksheetState.SUBMITTED:
            by = self._holder(sheet)
            if sheet.tier == "inspektur":
                sheet = reviews.approve_worksheet(sheet=sheet, by=by, now=self.now)
            else:
                sheet = reviews.pass_worksheet(sheet=sheet, up=True, note="", by=by, now=self.now)


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

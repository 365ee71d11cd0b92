"""What TPI and TPN do with the work-sheets of the demonstration: real steps, invented reasons."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from assessments.actions import answers, review_minutes, reviews, tpn_scores, worksheet_items
from assessments.actions.answers import Said
from assessments.actions.review_minutes import MinutesFacts
from assessments.demo import evidence
from assessments.demo.workplans import DISCLAIMER, small_pdf
from assessments.enums import Assessor
from assessments.models import Answer, IntegrityZone, Worksheet
from assessments.scoring import ScaleKind
from assessments.sheet_keeping import keep_score, locked_sheet
from integrity_portal.core.files import EVIDENCE, receive
from opd.actions import tpi
from opd.enums import Role, TpiFunction
from opd.models import Government, Membership, TpiMember

FUNCTIONS = {
    "anggota": TpiFunction.ANGGOTA,
    "ketua": TpiFunction.KETUA,
    "inspektur": TpiFunction.PENANGGUNG_JAWAB,
}
# Of the ministry's surveys, where the unit has no figure: the TPI knows it from the ministry.
SURVEY = Decimal("3.20")
# What the trigger behind every score of a TPI joins. Everything here was written in this very
# transaction, so that only ANALYZE tells the database how much that is.
STATISTICS = (
    "ANALYZE opd_membership, opd_unit, assessments_integrityzone, assessments_worksheet, "
    "assessments_worksheetitem"
)


def name_team(government: Government, year: int) -> None:
    """The TPI of an earlier year: those who score and approve its sheets."""
    offices = Membership.objects.filter(government=government, role=Role.INSPECTORATE)
    held = {row.title: row for row in offices.order_by("-pk")}
    by, decided_on = held["Inspektur"], date(year, 1, 15)
    team = tpi.save_tpi_team(
        by=by,
        year=year,
        decree_number=f"188.45/{year}/CONTOH",
        decided_on=decided_on,
        scan=None,
        version=0,
        today=decided_on,
    )
    tpi.add_tpi_member(by=by, team=team, member=held["Inspektur"], function=FUNCTIONS["inspektur"])
    tpi.add_tpi_member(by=by, team=team, member=held["Auditor Muda"], function=FUNCTIONS["ketua"])


class Reviewing:
    def __init__(self, zone: IntegrityZone, now: datetime) -> None:
        self.zone, self.now = zone, now
        offices = Membership.objects.filter(government=zone.government).order_by("pk")
        self.inspector = offices.get(role=Role.INSPECTORATE, title="Inspektur")
        self.reviewer = offices.filter(role=Role.TPN_REVIEWER, unit=zone.unit).first()

    def _holder(self, sheet: Worksheet) -> Membership:
        """Whose turn it is. The Inspektur alone where the year has no team."""
        rows = TpiMember.objects.filter(
            government=self.zone.government,
            team__year=sheet.year,
            function=FUNCTIONS[sheet.tier],
        ).select_related("membership")
        own = rows.filter(membership__tpi_assignments__unit=self.zone.unit).first()
        member = own or rows.first()
        return member.membership if member else self.inspector

    # --- the TPI ---

    def give_back(self, sheet: Worksheet, returned: Mapping[str, str]) -> None:
        by = self._holder(sheet)
        for code, text in returned.items():
            worksheet_items.return_item(
                item=sheet.items.get(code=code), text=text, form_key=uuid4(), by=by, now=self.now
            )
        reviews.return_worksheet(
            sheet=sheet, note="Dua pertanyaan perlu diperbaiki.", by=by, now=self.now
        )

    def score(self, sheet: Worksheet, differing: Mapping[str, str]) -> Worksheet:
        """Lower where the data says so, with its reason; elsewhere as the unit."""
        with connection.cursor() as cursor:
            cursor.execute(STATISTICS)
        by = self._holder(sheet)
        questions = sheet.instrument.instrument.questions
        for item in sheet.items.filter(code__in=differing):
            options = list(questions[item.code].scale.options)
            said = Said(option=options[2], reason=differing[item.code])
            self._save(item, Assessor.TPI, said, by)
        for item in sheet.items.exclude(answers__assessor=Assessor.UNIT):
            if questions[item.code].scale.kind is ScaleKind.INDEX:
                self._save(item, Assessor.TPI, Said(index=SURVEY), by)
        evidence.judge(sheet, by=by, now=self.now)
        answers.agree(sheet=sheet, items=list(sheet.items.all()), by=by, now=self.now)
        return sheet

    def pass_up(self, sheet: Worksheet) -> Worksheet:
        """As far as the Inspektur."""
        while sheet.tier != "inspektur":
            sheet = reviews.pass_worksheet(
                sheet=sheet, up=True, note="", by=self._holder(sheet), now=self.now
            )
        return sheet

    def approve(self, sheet: Worksheet) -> Worksheet:
        sheet = self.pass_up(sheet)
        return reviews.approve_worksheet(sheet=sheet, by=self.inspector, now=self.now)

    def unlock(self, sheet: Worksheet, questions: Mapping[str, str]) -> None:
        for code, text in questions.items():
            worksheet_items.unlock_item(
                item=sheet.items.get(code=code),
                text=text,
                form_key=uuid4(),
                by=self.inspector,
                now=self.now,
            )

    def make_minutes(self, sheet: Worksheet, facts: Mapping[str, Any], *, head: Membership) -> None:
        """The berita acara, signed by the sides that the data names."""
        held_on = timezone.localdate(self.now)
        row = review_minutes.make_minutes(
            sheet=sheet,
            facts=MinutesFacts(facts["number"], held_on, facts["place"], facts.get("notes", "")),
            by=self.inspector,
            now=self.now,
        )
        sides = {"tpi": self.inspector, "unit": head}
        for side in facts["signed"]:
            row = review_minutes.sign_minutes(
                minutes=row, sha256=row.sha256, by=sides[side], now=self.now
            )

    # --- the TPN ---

    def record_tpn(self, sheet: Worksheet, facts: Mapping[str, Any]) -> None:
        """By the invited reviewer himself, or by the Inspektur from the ministry's letter."""
        letter = None
        if "letter" in facts:
            letter = tpn_scores.record_tpn_letter(
                sheet=sheet,
                number=facts["letter"],
                dated_on=timezone.localdate(self.now) - timedelta(days=3),
                scan=self._scan(facts["letter"]),
                by=self.inspector,
                now=self.now,
            )
        by = self.inspector if letter else self.reviewer
        if by is None:
            return
        questions = sheet.instrument.instrument.questions
        for item in sheet.items.filter(code__in=facts["differing"]):
            options = list(questions[item.code].scale.options)
            said = Said(option=options[1], reason=facts["differing"][item.code])
            self._save(item, Assessor.TPN, said, by)
        if letter:
            tpn_scores.follow_tpi(letter=letter, by=self.inspector, now=self.now)
        else:
            self._follow(sheet, by, facts["until"])

    def _follow(self, sheet: Worksheet, by: Membership, until: int) -> None:
        """The reviewer is as far as this question; one by one it would be a day of work."""
        own = Answer.objects.filter(item__worksheet=sheet, assessor=Assessor.TPI)
        rows = own.filter(item__position__lte=until).exclude(item__answers__assessor=Assessor.TPN)
        Answer.objects.bulk_create(
            Answer(
                government_id=sheet.government_id,
                item_id=row.item_id,
                assessor=Assessor.TPN,
                **row.value_columns,
                reason=row.reason,
                changed_by=by,
                changed_at=self.now,
            )
            for row in rows
        )
        keep_score(locked_sheet(sheet.pk), Assessor.TPN)

    def _scan(self, number: str) -> Any:
        lines = [f"Surat hasil evaluasi TPN {number}", self.zone.unit.name, DISCLAIMER]
        return receive(
            SimpleUploadedFile("Surat TPN.pdf", small_pdf(lines)),
            rule=EVIDENCE,
            kind="tpn-letter",
            government_id=self.zone.government_id,
            by_user_id=self.inspector.user_id,
        )

    def _save(self, item: Any, assessor: Assessor, said: Said, by: Membership) -> None:
        answers.save_answer(item=item, assessor=assessor, said=said, version=0, by=by, now=self.now)

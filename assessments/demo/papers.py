"""Work teams and official papers of the invented government, written by the verbs people use."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from assessments.actions import paper_signatures as signing, papers as actions, teams
from assessments.actions.paper_pdfs import request_paper_pdf
from assessments.actions.papers import PaperFacts, Signer, Subject
from assessments.actions.teams import MemberFacts
from assessments.demo.workplans import DISCLAIMER, find_unit, moment, office, small_pdf
from assessments.enums import PaperKind, ProposalState, SignatureMethod
from assessments.models import IntegrityZone, Paper, Proposal, WorkTeam
from integrity_portal.core.files import EVIDENCE, receive
from opd.enums import Role
from opd.models import Government, Membership

DATA = Path(__file__).parent / "data" / "papers.yaml"
SIGNATORY = "Pejabat Contoh"


def _signer_of(paper: Paper, name: str) -> Signer:
    return Signer(
        title=paper.signatory_title,
        name=name,
        status=paper.signatory_status,
        membership=paper.signatory,
    )


def load(today: date) -> None:
    data = yaml.safe_load(DATA.read_text())
    members = data.pop("teams")
    for slug, facts in data.items():
        government = Government.objects.filter(slug=slug).first()
        if government is not None:
            _Loader(government, members, today).load(facts)


class _Loader:
    def __init__(self, government: Government, members: dict[str, Any], today: date) -> None:
        self.government, self.members, self.today = government, members, today
        offices = Membership.objects.filter(government=government, substitutes_for=None)
        self.secretary = offices.get(role=Role.ZI_SECRETARIAT)
        # Who wrote or numbered a report does not sign it, nor records that it was signed.
        self.inspector, self.auditor = offices.filter(role=Role.INSPECTORATE).order_by("pk")[:2]
        sent = Proposal.objects.get(government=government, state=ProposalState.SENT)
        self.year, self.sent_on = sent.year, sent.sent_on or today

    def load(self, facts: dict[str, Any]) -> None:
        teams = self._teams_of_the_proposed(facts["proposed"])
        for name in facts["last_year"]:
            if (name, self.today.year - 1) not in teams:
                self._team(name, self.today.year - 1, "complete")
        for position, (name, (members, state)) in enumerate(facts["teams"].items(), start=1):
            if (name, self.today.year) not in teams:
                team = self._team(name, self.today.year, members)
                self._team_decree(
                    team, state, f"800/{position}/CONTOH", begun=position - 60, signed=position - 54
                )
        for row in facts["decrees"]:
            self._decree(row)
        for row in facts["reports"]:
            self._report(row)
        self._proposal(facts)

    def _teams_of_the_proposed(self, names: list[str]) -> set[tuple[str, int]]:
        """What the portal asks of a unit that is proposed: signed before the proposal went."""
        sent = (self.sent_on - self.today).days
        new_year = (date(self.year, 1, 1) - self.today).days
        for position, name in enumerate(names, start=1):
            team = self._team(name, self.year, "complete")
            # On the first days of a year there is no month before the proposal.
            begun = min(max(sent - 40 + position, new_year), sent)
            signed = min(begun + 6, sent)
            number = f"800/{10 + position}/CONTOH"
            self._team_decree(team, "signed", number, begun=begun, signed=signed)
        return {(name, self.year) for name in names}

    def _zone(self, name: str) -> IntegrityZone:
        unit = find_unit(self.government, name)
        return IntegrityZone.objects.select_related("unit").get(unit=unit, closed_on=None)

    def _team(self, name: str, year: int, members: str) -> WorkTeam:
        zone = self._zone(name)
        operator = office(zone.unit, Role.OPD_OPERATOR)
        team = teams.open_team(zone=zone, year=year, by=operator)
        for function, area, person, title, change in self.members[members]:
            facts = MemberFacts(
                function=function, area=area, name=person, title=title, agent_of=change
            )
            teams.add_member(team=team, facts=facts, form_key=uuid4(), by=operator)
        return team

    def _begin(self, kind: PaperKind, subject: Subject, by: Membership, days: int) -> Paper:
        return actions.begin_paper(
            kind=kind, subject=subject, form_key=uuid4(), by=by, now=self._at(days, 2)
        )

    def _at(self, days: int, hour: int) -> datetime:
        return moment(self.today + timedelta(days=days), hour)

    def _number(self, paper: Paper, number: str, days: int, by: Membership) -> Paper:
        paper = self._named(paper, by)
        return actions.number_paper(
            paper=paper,
            number=number,
            dated_on=self.today + timedelta(days=days),
            by=by,
            now=self._at(days, 4),
        )

    def _named(self, paper: Paper, by: Membership) -> Paper:
        """Accounts of the demonstration are offices; what is numbered names a person."""
        facts = PaperFacts(
            about=paper.about,
            place=paper.place,
            blocks=paper.blocks,
            addressee=paper.addressee,
            unit_ids=list(paper.units.order_by("position").values_list("unit_id", flat=True)),
            signer=_signer_of(paper, paper.signatory_name or SIGNATORY),
            recommends=paper.recommends,
            score_enabler=paper.score_enabler,
            score_result=paper.score_result,
        )
        return actions.edit_paper(paper=paper, facts=facts, version=paper.version, by=by)

    def _sign(self, paper: Paper, by: Membership, days: int) -> None:
        signing.sign_paper(paper=paper, text_sha256=paper.text_sha256, by=by, now=self._at(days, 6))
        self._pdf(paper)

    def _scan(self, paper: Paper, days: int, by: Membership) -> None:
        lines = [f"{paper.get_kind_display()} (contoh)", f"Nomor {paper.number}", DISCLAIMER]
        upload = SimpleUploadedFile("Naskah bertanda tangan.pdf", small_pdf(lines))
        scan = receive(
            upload,
            rule=EVIDENCE,
            kind="paper",
            government_id=self.government.pk,
            by_user_id=by.user_id,
        )
        signing.record_signed_paper(
            paper=paper,
            method=SignatureMethod.WET,
            signed_on=self.today + timedelta(days=days),
            scan=scan,
            by=by,
            # Recorded when the other acts are: the history of a zone is in the order of recording.
            now=datetime.combine(self.today, time(2), UTC),
        )
        self._pdf(paper)

    def _pdf(self, paper: Paper) -> None:
        """Asked for the day before, so that it is made at once at whatever hour this runs."""
        before = timezone.make_aware(datetime.combine(self.today, datetime.min.time()))
        request_paper_pdf(paper=paper, by=self.secretary, now=before - timedelta(days=1))

    def _team_decree(
        self, team: WorkTeam, state: str, number: str, *, begun: int, signed: int
    ) -> None:
        unit = team.zone.unit
        operator, head = office(unit, Role.OPD_OPERATOR), office(unit, Role.OPD_HEAD)
        subject = Subject(year=team.year, zone=team.zone, team=team)
        paper = self._begin(PaperKind.SK_TIM_KERJA, subject, operator, begun)
        if state == "draft":
            return
        paper = self._number(paper, number, max(signed - 1, begun), operator)
        if state == "signed":
            self._sign(paper, head, signed)

    def _decree(self, row: dict[str, Any]) -> None:
        day = self.today + timedelta(days=row["days"])
        units = [find_unit(self.government, name).pk for name in row["units"]]
        subject = Subject(year=day.year, unit_ids=units)
        paper = self._begin(PaperKind.SK_PENETAPAN, subject, self.secretary, row["days"])
        if row["state"] == "draft":
            return
        paper = self._number(paper, row["number"], row["days"], self.secretary)
        if row["state"] == "signed":
            self._scan(paper, row["days"], self.secretary)
        else:
            actions.void_paper(
                paper=paper,
                reason=row["reason"],
                by=self.secretary,
                now=self._at(row["days"] + 2, 2),
            )

    def _report(self, row: dict[str, Any]) -> None:
        zone, days = self._zone(row["unit"]), row.get("days", -2)
        subject = Subject(year=self.year if row["signed"] else self.today.year, zone=zone)
        paper = self._begin(PaperKind.LHE, subject, self.auditor, days)
        scores: list[Decimal | None]
        scores = [Decimal(value) for value in row["scores"]] if "scores" in row else [None, None]
        lines = {"temuan": row["findings"], "saran": row.get("advice", [])}
        facts = PaperFacts(
            about=paper.about,
            place=paper.place,
            blocks={**paper.blocks, **lines},
            signer=_signer_of(paper, paper.signatory_name),
            recommends=row.get("recommends"),
            score_enabler=scores[0],
            score_result=scores[1],
        )
        paper = actions.edit_paper(paper=paper, facts=facts, version=paper.version, by=self.auditor)
        if row["signed"]:
            paper = self._number(paper, row["number"], days, self.auditor)
            self._scan(paper, days, self.inspector)

    def _proposal(self, facts: dict[str, Any]) -> None:
        """Letter and statement of the proposal that was sent, and the letter of the next one."""
        days = (self.sent_on - self.today).days
        mayor = Membership.objects.get(
            government=self.government, role=Role.MAYOR, substitutes_for=None
        )
        rows = Proposal.objects.filter(government=self.government)
        sent = Subject(year=self.year, proposal=rows.get(state=ProposalState.SENT))
        for kind, number in (
            (PaperKind.SURAT_PENGAJUAN, facts["letter"]),
            (PaperKind.SPTJM, facts["statement"]),
        ):
            paper = self._begin(kind, sent, self.secretary, days - 3)
            paper = self._number(paper, number, days - 2, self.secretary)
            self._sign(paper, mayor, days - 1)
        draft = rows.get(state=ProposalState.DRAFT)
        self._begin(
            PaperKind.SURAT_PENGAJUAN,
            Subject(year=draft.year, proposal=draft),
            self.secretary,
            -6,
        )

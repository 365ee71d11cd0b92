"""Valid rows of work teams, proposals and official papers."""

import io
import uuid
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from assessments import papers as rules
from assessments.enums import AreaOfChange, PaperKind, PaperState, SignatureMethod, TeamFunction
from assessments.models import (
    Candidate,
    Paper,
    PaperUnit,
    Proposal,
    TeamMember,
    WorkTeam,
)
from assessments.paper_kinds import kind_of
from assessments.queries.paper_contents import live_content, words_of
from assessments.tests.factories import IntegrityZoneFactory, zone_of
from assessments.tests.factories_journey import ProposalFactory
from integrity_portal.core import files
from integrity_portal.core.models import StoredFile
from opd.models import Government, Membership, Unit

NOW = datetime(2026, 6, 1, 3, tzinfo=UTC)
DAY = date(2026, 5, 20)


class WorkTeamFactory(DjangoModelFactory):
    class Meta:
        model = WorkTeam

    zone = factory.SubFactory(IntegrityZoneFactory)
    government = factory.SelfAttribute("zone.government")
    year = 2026


class TeamMemberFactory(DjangoModelFactory):
    class Meta:
        model = TeamMember

    team = factory.SubFactory(WorkTeamFactory)
    government = factory.SelfAttribute("team.government")
    function = TeamFunction.ANGGOTA
    area = factory.LazyAttribute(
        lambda o: "1" if o.function in (TeamFunction.ANGGOTA, TeamFunction.KOORDINATOR) else ""
    )
    name = factory.Sequence(lambda n: f"Pegawai {n}")
    title = "Analis"
    form_key = factory.LazyFunction(uuid.uuid4)


def complete_team(unit: Unit, year: int = 2026) -> WorkTeam:
    """A chair, six coordinators and a change agent."""
    team = WorkTeamFactory(zone=zone_of(unit), year=year)
    TeamMemberFactory(team=team, function=TeamFunction.KETUA, name="Ketua Uji")
    for area in AreaOfChange.values:
        TeamMemberFactory(team=team, function=TeamFunction.KOORDINATOR, area=area)
    TeamMemberFactory(
        team=team, function=TeamFunction.AGEN, is_agent=True, agent_of="Antrean bernomor"
    )
    return team


def proposal_of(government: Government, units: Iterable[Unit], year: int = 2026) -> Proposal:
    proposal = ProposalFactory(government=government, year=year)
    for position, unit in enumerate(units, start=1):
        Candidate.objects.create(
            government=government, proposal=proposal, zone=zone_of(unit), position=position
        )
    return proposal


def draft(kind: str, unit: Unit, **values: Any) -> Paper:
    """A complete draft about this unit: nothing is missing for its number."""
    government, spec = unit.government, kind_of(kind)
    year = values.pop("year", 2026)
    subject: dict[str, Any] = {}
    if spec.subject == "proposal":
        known = Proposal.objects.filter(government=government, year=year).first()
        subject["proposal"] = known or proposal_of(government, [unit], year)
    if spec.subject in ("team", "zone"):
        subject |= {"zone": zone_of(unit), "unit": unit}
    if spec.subject == "team":
        known_team = WorkTeam.objects.filter(zone=zone_of(unit), year=year).order_by("-pk").first()
        subject["team"] = values.pop("team", None) or known_team or complete_team(unit, year)
    if kind == PaperKind.LHE:
        subject["recommends"] = True
    words = words_of(government, year=year, unit=unit if "unit" in subject else None)
    facts: dict[str, Any] = {
        "about": rules.words_for(spec.about, words)[:300],
        "addressee": spec.addressee,
        "place": government.name,
        "blocks": rules.prefilled(spec, words),
        "signatory_name": "Orang Uji",
        "signatory_title": {"regional_head": words["head"], "inspector": "Inspektur"}.get(
            spec.signer, "Pejabat Uji"
        ),
        "form_key": uuid.uuid4(),
        "created_at": NOW,
    }
    paper = Paper.objects.create(
        government=government, kind=kind, year=year, **{**facts, **subject, **values}
    )
    if spec.subject in ("year", "proposal"):
        PaperUnit.objects.create(
            government=government, paper=paper, unit=unit, position=1, printed_name=unit.name
        )
    return paper


def numbered(kind: str, unit: Unit, **values: Any) -> Paper:
    number = values.pop("number", None) or f"188/{uuid.uuid4().hex[:6]}/2026"
    paper = draft(kind, unit, **values)
    content = live_content(paper, number=number, dated_on=DAY)
    paper.content, paper.text = content.as_json(), rules.plain(content)
    paper.text_sha256 = rules.sha256(paper.text)
    paper.number, paper.dated_on, paper.state = number, DAY, PaperState.NUMBERED
    paper.save()
    return paper


def signed(kind: str, unit: Unit, by: Membership, **values: Any) -> Paper:
    """Signed in ink, without what follows from it."""
    paper = numbered(kind, unit, **values)
    paper.state, paper.signed_method, paper.signed_on = PaperState.SIGNED, SignatureMethod.WET, DAY
    paper.signed_by, paper.signed_at, paper.scan = by, timezone.now(), stored(unit.government)
    paper.save()
    return paper


def voided(kind: str, unit: Unit, **values: Any) -> Paper:
    paper = numbered(kind, unit, **values)
    paper.state, paper.void_reason = PaperState.VOIDED, "Salah judul"
    paper.save()
    return paper


def stored(government: Government) -> StoredFile:
    return files.store_made(
        io.BytesIO(b"%PDF-1.7"), size=8, name="naskah.pdf", kind="paper",
        government_id=government.pk,
    )  # fmt: skip

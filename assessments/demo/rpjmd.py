"""RPJMD plans of the demonstration, written by the same acts that people take."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import yaml

from assessments.actions.indicators import (
    IndicatorTexts,
    TargetRow,
    add_indicator,
    set_budget,
    set_targets,
)
from assessments.actions.plan_nodes import NodeTexts, Owners, add_node
from assessments.actions.plan_papers import PaperTexts, add_plan_paper
from assessments.actions.plans import (
    PlanTexts,
    adopt_plan,
    adopt_revision,
    close_plan,
    create_plan,
    open_revision,
)
from assessments.demo.figures import Figures
from assessments.demo.workplans import find_unit, moment
from assessments.enums import (
    Consolidation,
    Direction,
    NodeLevel,
    PlanDocumentKind,
    Shape,
)
from assessments.measurement_news import OWN, QUEUE
from assessments.models import Indicator, Plan, PlanNode
from opd.enums import Role
from opd.models import Government, InboxItem, Membership, Unit

DATA = Path(__file__).parent / "data" / "rpjmd.yaml"
BANDS = "permendagri-86-2017"
SHARE = "Rencana aksi {unit} untuk {name} terlaksana (contoh)"


def load(today: date) -> None:
    for slug, facts in yaml.safe_load(DATA.read_text()).items():
        government = Government.objects.filter(slug=slug).first()
        if government is None or government.plans.exists():
            continue
        if "objectives" in facts:
            _Published(government, facts, today).load()
        else:
            _Earlier(government, facts["earlier"], today).load()
            _Invented(government, facts, today).load()


class _Loader:
    def __init__(self, government: Government, facts: dict[str, Any], today: date) -> None:
        self.government, self.facts, self.today = government, facts, today
        self.now = moment(today, 7)
        offices = Membership.objects.filter(government=government, role=Role.PLANNER)
        self.planner = offices.order_by("pk")[0]
        self.figures = Figures(self.planner, today)
        self.by_code: dict[str, Indicator] = {}

    def plan(self, years: tuple[int, int], basis: str, **more: Any) -> Plan:
        texts = PlanTexts(self.facts["title"], *years, bands=BANDS, legal_basis=basis, **more)
        sample = self.government.is_sample
        return create_plan(texts=texts, form_key=uuid4(), by=self.planner, is_sample=sample)

    def node(
        self,
        plan: Plan,
        parent: PlanNode | None,
        level: NodeLevel,
        code: str,
        name: str,
        *units: Unit,
    ) -> PlanNode:
        return add_node(
            plan=plan,
            parent=parent,
            texts=NodeTexts(level, code, name),
            owners=Owners(units, units[0]) if units else None,
            form_key=uuid4(),
            by=self.planner,
        )

    def indicator(self, node: PlanNode, row: dict[str, Any], **more: Any) -> Indicator:
        name, unit = row["name"], row.get("unit")
        parts = row.get("parts", ["", ""])
        duty = row.get("duty")
        holder = find_unit(self.government, unit) if unit else None
        texts = IndicatorTexts(
            name=name,
            code=row.get("code", ""),
            definition=row.get("definition", ""),
            unit_of_measure=row["measure"],
            direction=Direction(row.get("direction", "higher")),
            shape=Shape(row.get("shape", "value")),
            consolidation=Consolidation(row.get("how", "manual")),
            formula=row.get("formula", ""),
            factor=Decimal(row["factor"]) if "factor" in row else None,
            numerator_label=parts[0],
            denominator_label=parts[1],
            source=row.get("source", ""),
            unit=holder,
            responsible=f"Kepala {holder.label}" if holder else "",
            duty=holder.duties.filter(position=duty).first() if holder and duty else None,
            is_iku=row.get("code", "").startswith("IKU"),
            supports=self.by_code.get(row.get("supports", "")),
            **more,
        )
        found = add_indicator(node=node, texts=texts, form_key=uuid4(), by=self.planner)
        if texts.code:
            self.by_code[texts.code] = found
        return found

    def targets(
        self, indicator: Indicator, values: list[Any], first: int, public: tuple[int, ...] = ()
    ) -> None:
        rows = [
            target(indicator, first + number, 0, value, is_sample=first + number not in public)
            for number, value in enumerate(values)
            if value is not None
        ]
        set_targets(indicator=indicator, rows=rows, by=self.planner)


def target(
    indicator: Indicator, year: int, quarter: int, value: str, *, is_sample: bool = True
) -> TargetRow:
    """As the data file writes it: a number, `7-8`, or `06-30` for a day."""
    row: dict[str, Any] = {"low": None}
    if indicator.shape == Shape.DATE:
        row["due_on"] = date.fromisoformat(f"{year}-{value}")
    elif indicator.shape == Shape.RANGE:
        row["low"], row["high"] = (Decimal(each) for each in value.split("-"))
    else:
        row["low"] = Decimal(value)
    return TargetRow(year, quarter, is_sample=is_sample, **row)


class _Published(_Loader):
    """A real plan: public realisations; targets, groups and units are examples."""

    def load(self) -> None:
        first, last = self.facts["years"]
        plan = self.plan((first, last), self.facts["legal_basis"])
        goal = self.node(
            plan, None, NodeLevel.GOAL, "1", "Tujuan pembangunan (pengelompokan contoh)"
        )
        made: list[tuple[Indicator, dict[str, Any]]] = []
        for group in self.facts["objectives"]:
            objective = self.node(plan, goal, NodeLevel.OBJECTIVE, group["code"], group["name"])
            made += [(self._indicator(objective, row), row) for row in group["indicators"]]
        for number, (indicator, row) in enumerate(made, start=1):
            if indicator.is_iku:
                self._share(indicator, row, number)
        adopt_plan(plan=plan, on=self.facts["adopted_on"], by=self.planner, now=self.now)
        for indicator, row in made:
            for year, value in row["series"].items():
                self.figures.report(indicator, year, 0, f"{value} v", {})
        self.figures.settle()
        # A real government's inbox stays empty: everything of it is settled.
        InboxItem.objects.filter(government=self.government, kind__in=[QUEUE, OWN]).delete()
        if last < self.today.year:
            close_plan(plan=plan, by=self.planner, now=self.now)

    def _indicator(self, node: PlanNode, row: dict[str, Any]) -> Indicator:
        base = self.facts["base_year"]
        value = row["series"].get(base)
        more = {"base_year": base, "base_value": Decimal(value)} if value else {}
        found = self.indicator(node, row, **more)
        self.targets(found, row["targets"], self.facts["years"][0], tuple(row.get("public", ())))
        return found

    def _share(self, indicator: Indicator, row: dict[str, Any], number: int) -> None:
        """What the owning unit does for it: an example, so that cascading can be seen."""
        unit = find_unit(self.government, row["unit"])
        node = self.node(
            indicator.node.plan,
            indicator.node,
            NodeLevel.UNIT_OBJECTIVE,
            f"{indicator.node.code}.{number}",
            f"Sasaran {unit.label} (contoh)",
            unit,
        )
        name = SHARE.format(unit=unit.label, name=row["name"])
        content = {"name": name, "measure": "%", "unit": row["unit"], "supports": row["code"]}
        found = self.indicator(node, content)
        self.targets(found, ["100"] * 5, self.facts["years"][0])
        PlanNode.objects.filter(pk=node.pk).update(is_sample=True)
        Indicator.objects.filter(pk=found.pk).update(is_sample=True)


class _Earlier(_Loader):
    """The plan before the invented one: only its IKU, year by year, closed."""

    def load(self) -> None:
        first = self.today.year - 6
        plan = self.plan((first, first + 4), "Peraturan Daerah sebelumnya (contoh)")
        node = self.node(plan, None, NodeLevel.OBJECTIVE, "1", "Indikator kinerja utama")
        made = []
        for row in self.facts["indicators"]:
            indicator = self.indicator(node, row)
            self.targets(indicator, row["targets"], first)
            made.append((indicator, row))
        adopt_plan(plan=plan, on=date(first, 1, 15), by=self.planner, now=self.now)
        for indicator, row in made:
            for number, value in enumerate(row["done"]):
                self.figures.report(indicator, first + number, 0, f"{value} v", {})
        self.figures.settle()
        close_plan(plan=plan, by=self.planner, now=self.now)


class _Invented(_Loader):
    """The plan in force of Kota Contoh: everything that can go right or wrong."""

    def load(self) -> None:
        self.first = self.today.year - 1
        plan = self.plan(
            (self.first, self.first + 4),
            self.facts["legal_basis"],
            cap=Decimal(120),
            report_days=14,
            is_public=True,
        )
        self.made: list[tuple[Indicator, dict[str, Any]]] = []
        vision = self.node(plan, None, NodeLevel.VISION, "V", self.facts["vision"])
        for level, parent, row in self._walk(vision, self.facts["missions"]):
            self._branch(plan, level, parent, row)
        adopt_plan(plan=plan, on=date(self.first, 2, 20), by=self.planner, now=self.now)
        plan.refresh_from_db()
        self._report()
        self._revise(plan)
        self._papers(plan)

    LEVELS = (
        ("goals", NodeLevel.GOAL),
        ("objectives", NodeLevel.OBJECTIVE),
        ("programmes", NodeLevel.PROGRAMME),
        ("activities", NodeLevel.ACTIVITY),
    )

    def _walk(
        self, vision: PlanNode, missions: list[dict[str, Any]]
    ) -> Iterator[tuple[NodeLevel, PlanNode, dict[str, Any]]]:
        """Each row after the one above it, whose node `_branch` has made by then."""
        waiting = [(NodeLevel.MISSION, vision, row) for row in missions]
        while waiting:
            level, parent, row = waiting.pop(0)
            yield level, parent, row
            for key, below in self.LEVELS:
                waiting += [(below, row["node"], each) for each in row.get(key, [])]

    def _branch(self, plan: Plan, level: NodeLevel, parent: PlanNode, row: dict[str, Any]) -> None:
        units = [find_unit(self.government, name) for name in row.get("owners", [])]
        node = row["node"] = self.node(plan, parent, level, row["code"], row["name"], *units)
        for each in row.get("indicators", []):
            base = each.get("base")
            more = {"base_year": self.first - 1, "base_value": Decimal(base)} if base else {}
            indicator = self.indicator(node, each, **more)
            self.targets(indicator, each.get("targets", []), self.first)
            quarters = [
                target(indicator, self.today.year, quarter, value)
                for quarter, value in enumerate(each.get("quarters", []), start=1)
            ]
            set_targets(indicator=indicator, rows=quarters, by=self.planner)
            self.made.append((indicator, each))
        if "money" in row:
            self._money(node, units[0], row["money"])

    def _money(self, node: PlanNode, unit: Unit, row: dict[str, Any]) -> None:
        """In the file in millions of rupiah."""
        rows = [
            TargetRow(self.first + number, low=Decimal(value) * 1_000_000, is_sample=True)
            for number, value in enumerate(row["ceiling"])
        ]
        budget = set_budget(node=node, unit=unit, rows=rows, by=self.planner)
        spent = [each and f"{each.split()[0]}000000 {each.split()[1]}" for each in row["spent"]]
        self.made.append((budget, {"done": spent, "before": f"{row['before']}000000"}))

    def _report(self) -> None:
        """Last year's figure, then the quarters of this year that are over."""
        over = max((self.today.month - 1) // 3, 1)
        for indicator, row in self.made:
            if row.get("before"):
                more = {"judged": row.get("judged_before"), "final": row.get("final", True)}
                self.figures.report(indicator, self.first, 0, f"{row['before']} v", more)
            done = row.get("done", [])
            for quarter, said in enumerate(done[:over], start=1):
                if not said:
                    continue
                last = quarter == over and len(done) > over and done[-1]
                mark = done[-1].split()[1] if last else said.split()[1]
                words = row.get("words", {}).get(quarter, {})
                more = {**words, "judged": row.get("judged"), "message": row.get("message", "")}
                value = said.split()[0]
                self.figures.report(indicator, self.today.year, quarter, f"{value} {mark}", more)
        self.figures.settle()

    def _revise(self, plan: Plan) -> None:
        facts, from_year = self.facts["revision"], self.today.year
        revision = open_revision(
            plan=plan, from_year=from_year, reason=facts["reason"], by=self.planner
        )
        for name, values in facts["targets"].items():
            indicator = Indicator.objects.get(node__plan=plan, name=name)
            self.targets(indicator, values, from_year)
        on = max(date(from_year, 1, 1), self.today - timedelta(days=200))
        adopt_revision(
            revision=revision, basis=facts["basis"], on=on, by=self.planner, now=self.now
        )

    def _papers(self, plan: Plan) -> None:
        for row in self.facts["papers"]:
            unit = find_unit(self.government, row["unit"]) if row["unit"] else None
            own = Indicator.objects.filter(node__plan=plan).of_performance()
            chosen = own.filter(unit=unit) if unit else own.filter(is_iku=True)
            texts = PaperTexts(
                kind=PlanDocumentKind(row["kind"]),
                unit=unit,
                year=self.today.year if "year" in row else None,
                title=row["title"],
            )
            add_plan_paper(
                plan=plan, texts=texts, indicators=chosen, form_key=uuid4(), by=self.planner
            )

from datetime import datetime

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssessmentsConfig(AppConfig):
    name = "assessments"

    def ready(self) -> None:
        from assessments import (
            booklet_documents,
            documents,
            head_report_documents,
            menu,
            monev_documents,
            pact_documents,
            paper_documents,
            survey_documents,
            worksheet_documents,
        )
        from assessments.actions import handovers, indicator_imports, surveys, worksheet_imports
        from assessments.queries import unit_acts, zones
        from integrity_portal.core import wake
        from opd import navigation
        from opd.queries.tpi import register_assessed
        from opd.registry import register_not_after, register_not_before, register_on_taken_over

        documents.register_kinds()
        paper_documents.register_kinds()
        monev_documents.register_kinds()
        pact_documents.register_kinds()
        worksheet_documents.register_kinds()
        head_report_documents.register_kinds()
        booklet_documents.register_kinds()
        survey_documents.register_kinds()
        register_not_before(unit_acts.newest_act)
        register_not_after(unit_acts.oldest_acts)
        register_on_taken_over("assessments.zones", handovers.follow)
        register_assessed(zones.units_to_assess)

        def complete_handovers(now: datetime) -> None:
            handovers.complete_due(now=now)

        def empty_expired_imports(now: datetime) -> None:
            worksheet_imports.empty_expired_worksheet_imports(now=now)
            indicator_imports.empty_expired_indicator_imports(now=now)

        def close_due_rounds(now: datetime) -> None:
            surveys.close_due_rounds(now=now)

        wake.register_tick("assessments.survey_rounds", close_due_rounds)
        wake.register_tick("assessments.zone_handovers", complete_handovers)
        wake.register_tick("assessments.worksheet_imports", empty_expired_imports)
        for entry in menu.ENTRIES:
            navigation.register(entry)
        self._register_proofs()
        self._register_calendar()
        self._register_evidence()
        self._register_rpjmd()
        self._register_surveys()
        self._register_demo()

    def _register_proofs(self) -> None:
        from opd.proofs import register_proof

        register_proof(
            "assessments:declaration_sign",
            _(
                "You are about to sign a declaration of integrity zones (piagam) in your office, "
                "so we ask once more who you are."
            ),
        )
        register_proof(
            "assessments:paper_sign",
            _(
                "You are about to sign an official paper in your office, so we ask once more who "
                "you are."
            ),
        )

        register_proof(
            "assessments:pact_sign",
            _("You are about to sign your pakta integritas, so we ask once more who you are."),
        )

    def _register_calendar(self) -> None:
        """What the year calendar and the directives may know of zones and activities."""
        from assessments.queries import calendar_counts, calendar_links, directive_links
        from opd.reminders import register_reminders, register_sentence
        from opd.subjects import register_subject
        from opd.year_calendar import (
            register_calendar_check,
            register_calendar_count,
            register_concerned_units,
        )

        register_calendar_check("proposal_sent", calendar_links.proposal_sent_on)
        for key, count in calendar_counts.COUNTS.items():
            register_calendar_count(key, count)
        register_concerned_units(calendar_links.units_on_the_road)
        register_subject("zone", _("Zone"), calendar_links.zones)
        register_subject("activity", _("Activity"), calendar_links.activities)
        register_subject("requirements", _("Requirements"), calendar_links.requirements)
        register_subject("recommendation", _("Recommendation"), calendar_links.recommendations)
        register_subject("workplan", _("Work plan"), directive_links.workplans)
        register_subject("worksheet", _("Work-sheet (LKE)"), directive_links.worksheets)
        register_subject("team", _("Work team"), directive_links.teams)
        register_subject("monev_period", _("Monev period"), directive_links.periods)
        register_subject("monev_meeting", _("Monev meeting"), directive_links.meetings)
        register_subject("follow_up", _("Follow-up"), directive_links.follow_ups)
        register_subject("event", _("Assessment event"), directive_links.events)
        register_subject("question", _("Question of an assessor"), directive_links.questions)
        register_subject("paper", _("Official paper"), directive_links.papers)
        register_reminders("recommendation", calendar_links.due_recommendations)
        register_subject("worksheet_review", _("Work-sheet (LKE)"), directive_links.reviews)
        register_reminders("worksheet", calendar_links.due_questions)
        for code, sentence in {
            "waits": _("It is your turn to review it"),
            "returned": _("The TPI returned questions to you: read why, and repair them"),
            "opened": _("The TPI opened a question for you to change"),
            "repaired": _("The unit repaired a question: look at it"),
            "approved": _("The TPI has approved it"),
        }.items():
            register_sentence(f"worksheet.{code}", sentence)

    def _register_evidence(self) -> None:
        from assessments import resumable
        from assessments.actions.evidence import LOOK, SHRINK
        from assessments.queries import evidence_links
        from integrity_portal.core import wake
        from opd.reminders import register_reminders, register_sentence
        from opd.status_parts import register_status_part
        from opd.subjects import register_subject

        wake.register_sweep(LOOK, evidence_links.looks_due)
        wake.register_sweep(SHRINK, evidence_links.copies_due)
        wake.register_tick("assessments.resumable_uploads", resumable.sweep)
        register_subject("evidence", _("Evidence"), evidence_links.documents)
        register_subject("returned_evidence", _("Evidence"), evidence_links.returned_documents)
        register_reminders("evidence", evidence_links.due_documents)
        register_sentence("evidence.returned", _("Returned by the TPI. Read why, and mend it"))
        register_sentence(
            "evidence.example_withdrawn", _("Your example was taken back; others see it no more")
        )
        register_status_part("evidence", evidence_links.status_part)

    def _register_rpjmd(self) -> None:
        from assessments.queries import plan_links
        from opd.reminders import register_reminders, register_sentence
        from opd.subjects import register_subject

        register_subject("figures", _("Indicators"), plan_links.own_figures)
        register_subject("figures_due", _("Indicators"), plan_links.own_figures)
        register_reminders("figures_due", plan_links.due_figures)
        register_subject("figures_queue", _("Figures"), plan_links.queue)
        register_subject("indicator", _("Indicator"), plan_links.indicators)
        for code, sentence in {
            "sent": _("Figures wait for you to verify them"),
            "returned": _("The planner returned figures to you: read why, and repair them"),
            "unlocked": _("The planner unlocked a figure for you to change"),
        }.items():
            register_sentence(f"figures.{code}", sentence)

    def _register_surveys(self) -> None:
        from assessments.queries import survey_links
        from opd.reminders import register_reminders
        from opd.subjects import register_subject

        register_subject("survey_round", _("Survey"), survey_links.rounds)
        register_reminders("survey_round", survey_links.behind)

    def _register_demo(self) -> None:
        from assessments.demo import (
            assessing,
            declarations,
            directives,
            journey,
            monev,
            pacts,
            papers,
            preparation,
            rpjmd,
            surveys,
            workplans,
            worksheet_files,
            worksheets,
        )
        from integrity_portal.core.demo import register

        register(30, "declarations, decrees and zones", declarations.load)
        register(35, "work plans and their reports", workplans.load)
        register(36, "preparation, phases and pilots", preparation.load)
        register(37, "pakta integritas", pacts.load)
        register(40, "proposals, decisions and predicates", journey.load)
        register(45, "work teams and official papers", papers.load)
        register(46, "monev of the work plans", monev.load)
        register(47, "assessment events and recommendations", assessing.load)
        register(48, "a directive about an activity", directives.load)
        register(49, "work-sheets at every stage", worksheets.load)
        register(49, "work-sheets that came as Excel files", worksheet_files.load)
        register(50, "RPJMD plans with their figures", rpjmd.load)
        register(51, "surveys of those who were served", surveys.load)

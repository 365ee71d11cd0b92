"""Signed-in pages of assessments, under /app/."""

from django.urls import path

from assessments.lke_urls import EVIDENCE, EXCEL, INSTRUMENTS, PLANNING, WORKSHEETS
from assessments.rpjmd_urls import BOOKLETS, EXPORTS, FIGURES, IMPORTS, KEEPING, PLANS
from assessments.survey_urls import SURVEYS
from assessments.views import (
    activities,
    corrections,
    coverage,
    declarations,
    decrees,
    eligibility,
    events,
    follow_ups,
    meetings,
    monev,
    monev_papers,
    pacts,
    paper_steps,
    papers,
    phases,
    pilots,
    predicates,
    preparation,
    programme,
    proposals,
    questions,
    recommendation_replies,
    recommendations,
    reports,
    signatories,
    signing,
    teams,
    workplans,
    zones,
)

app_name = "assessments"

DECLARATION = "declarations/<int:pk>/"
SIGNATORY = f"{DECLARATION}signatories/<int:signatory>/"

ACTS = [
    path("programme/", programme.programme, name="programme"),
    path("coverage/", coverage.coverage, name="coverage"),
    path("zones/", zones.zone_list, name="zones"),
    path("zones/<int:pk>/", zones.zone, name="zone"),
    path("zones/<int:pk>/build/", zones.start_building, name="zone_build"),
    path("zones/<int:pk>/since/", zones.building_since, name="zone_since"),
    path("zones/<int:pk>/again/", zones.build_again, name="zone_build_again"),
    path("zones/<int:pk>/wbbm/", zones.open_wbbm, name="zone_wbbm"),
    path("zones/predicates/new/", zones.predicate_new, name="predicate_new"),
    path("declarations/", declarations.declaration_list, name="declarations"),
    path("declarations/new/", declarations.declaration_new, name="declaration_new"),
    path(DECLARATION, declarations.declaration, name="declaration"),
    path(f"{DECLARATION}edit/", declarations.declaration_edit, name="declaration_edit"),
    path(f"{DECLARATION}units/", declarations.declaration_units, name="declaration_units"),
    path(f"{DECLARATION}lines/", declarations.declaration_lines, name="declaration_lines"),
    path(
        f"{DECLARATION}steps/<slug:name>/", declarations.declaration_step, name="declaration_step"
    ),
    path(f"{DECLARATION}piagam/", declarations.piagam, name="piagam"),
    path(f"{DECLARATION}reopen/", corrections.declaration_reopen, name="declaration_reopen"),
    path(f"{DECLARATION}text/", corrections.declaration_text, name="declaration_text"),
    path(f"{DECLARATION}discard/", corrections.declaration_discard, name="declaration_discard"),
    path(f"{DECLARATION}sign/", signing.sign, name="declaration_sign"),
    path(f"{DECLARATION}signatories/new/", signatories.signatory_new, name="signatory_new"),
    path(SIGNATORY, signatories.signatory_edit, name="signatory"),
    path(f"{SIGNATORY}move/", signatories.signatory_move, name="signatory_move"),
    path(f"{SIGNATORY}remove/", signatories.signatory_remove, name="signatory_remove"),
    path(f"{SIGNATORY}wet/", signing.record_wet, name="signature_wet"),
    path(f"{SIGNATORY}certified/", signing.record_certified, name="signature_certified"),
    path(f"{SIGNATORY}scan/", signing.attach_scan, name="signature_scan"),
    path(f"{SIGNATORY}withdraw/", signing.withdraw, name="signature_withdraw"),
    path(
        f"{DECLARATION}signatures/<int:signature>/file/",
        signing.signature_file,
        name="signature_file",
    ),
    path("decrees/", decrees.decree_list, name="decrees"),
    path("decrees/new/", decrees.decree_new, name="decree_new"),
    path("decrees/<int:pk>/", decrees.decree, name="decree"),
    path("decrees/<int:pk>/file/", decrees.decree_file, name="decree_file"),
    path("decrees/<int:pk>/correct/", decrees.decree_correct, name="decree_correct"),
    path(
        "decrees/<int:pk>/corrections/<int:correction>/file/",
        decrees.decree_former_file,
        name="decree_former_file",
    ),
]
WORKPLANS = [
    path("workplans/", workplans.workplans, name="workplans"),
    path("workplans/zones/<int:zone_pk>/new/", workplans.workplan_new, name="workplan_new"),
    path("workplans/<int:pk>/", workplans.workplan, name="workplan"),
    path("workplans/<int:pk>/print/", workplans.workplan_print, name="workplan_print"),
    path("workplans/<int:pk>/activities/new/", activities.activity_new, name="activity_new"),
    path("workplans/activities/<int:pk>/", activities.activity, name="activity"),
    path("workplans/activities/<int:pk>/edit/", activities.activity_edit, name="activity_edit"),
    path("workplans/activities/<int:pk>/drop/", activities.activity_drop, name="activity_drop"),
    path(
        "workplans/activities/<int:pk>/restore/",
        activities.activity_restore,
        name="activity_restore",
    ),
    path("workplans/activities/<int:pk>/report/", reports.activity_report, name="activity_report"),
    path("workplans/reports/", reports.workplan_queue, name="workplan_queue"),
    path("workplans/reports/<int:pk>/withdraw/", reports.report_withdraw, name="report_withdraw"),
    path("workplans/reports/<int:pk>/confirm/", reports.report_confirm, name="report_confirm"),
    path("workplans/reports/<int:pk>/return/", reports.report_return, name="report_return"),
    path("workplans/files/<int:pk>/", reports.report_file, name="report_file"),
]

UNIT_ELIGIBILITY = "eligibility/units/<int:unit_id>/"
PREDICATE = "predicates/<int:pk>/"

JOURNEY = [
    path("eligibility/", eligibility.eligibility, name="eligibility"),
    path(UNIT_ELIGIBILITY, eligibility.unit_eligibility, name="unit_eligibility"),
    path(f"{UNIT_ELIGIBILITY}proceed/", eligibility.exception_new, name="exception_new"),
    path(
        f"{UNIT_ELIGIBILITY}proceed/<int:pk>/end/", eligibility.exception_end, name="exception_end"
    ),
    path("zones/<int:zone_pk>/eligibility/", eligibility.zone_eligibility, name="zone_eligibility"),
    path("proposals/", proposals.proposal_list, name="proposals"),
    path("proposals/new/", proposals.proposal_new, name="proposal_new"),
    path("proposals/<int:pk>/", proposals.proposal, name="proposal"),
    path("proposals/<int:pk>/units/", proposals.proposal_candidates, name="proposal_candidates"),
    path("proposals/<int:pk>/send/", proposals.proposal_send, name="proposal_send"),
    path("proposals/<int:pk>/discard/", proposals.proposal_discard, name="proposal_discard"),
    path("attempts/<int:pk>/", proposals.attempt, name="attempt"),
    path("attempts/<int:pk>/review/", proposals.attempt_review, name="attempt_review"),
    path("attempts/<int:pk>/decide/", proposals.attempt_decide, name="attempt_decide"),
    path("attempts/<int:pk>/correct/", proposals.attempt_correct, name="attempt_correct"),
    path("predicates/", predicates.predicate_list, name="predicates"),
    path(PREDICATE, predicates.predicate, name="predicate"),
    path(f"{PREDICATE}watch/", predicates.predicate_watch, name="predicate_watch"),
    path(f"{PREDICATE}clear/", predicates.predicate_clear, name="predicate_clear"),
    path(f"{PREDICATE}revoke/", predicates.predicate_revoke, name="predicate_revoke"),
    path(f"{PREDICATE}strike/", predicates.predicate_strike, name="predicate_strike"),
    path(f"{PREDICATE}check/", predicates.predicate_check, name="predicate_check"),
    path(f"{PREDICATE}checks/<int:check>/file/", predicates.predicate_file, name="predicate_file"),
]

PAPERS = [
    path("papers/", papers.paper_list, name="papers"),
    path("papers/zones/<int:zone_pk>/", papers.zone_papers, name="zone_papers"),
    path("papers/new/", papers.paper_new, name="paper_new"),
    path("papers/<int:pk>/", papers.paper, name="paper"),
    path("papers/<int:pk>/edit/", papers.paper_edit, name="paper_edit"),
    path("papers/<int:pk>/pdf/", papers.paper_pdf, name="paper_pdf"),
    path("papers/<int:pk>/file/", papers.paper_file, name="paper_file"),
    path("papers/<int:pk>/number/", paper_steps.paper_number, name="paper_number"),
    path("papers/<int:pk>/redraft/", paper_steps.paper_redraft, name="paper_redraft"),
    path("papers/<int:pk>/sign/", paper_steps.paper_sign, name="paper_sign"),
    path("papers/<int:pk>/record/", paper_steps.paper_record, name="paper_record"),
    path("papers/<int:pk>/void/", paper_steps.paper_void, name="paper_void"),
]
TEAMS = [
    path("teams/zones/<int:zone_pk>/", teams.team, name="team"),
    path("teams/zones/<int:zone_pk>/new/", teams.team_new, name="team_new"),
    path("teams/<int:pk>/members/new/", teams.member_new, name="member_new"),
    path("teams/<int:pk>/amend/", teams.team_amend, name="team_amend"),
    path("teams/members/<int:pk>/", teams.member_edit, name="member_edit"),
    path("teams/members/<int:pk>/remove/", teams.member_remove, name="member_remove"),
]

PREPARATION = [
    path("preparation/", preparation.preparation_list, name="preparation"),
    path("preparation/csv/", preparation.preparation_csv, name="preparation_csv"),
    path("preparation/proofs/<int:pk>/", preparation.preparation_proof, name="preparation_proof"),
    path("preparation/units/<int:unit_id>/", preparation.preparation_unit, name="preparation_unit"),
    path(
        "preparation/units/<int:unit_id>/<slug:step>/",
        preparation.preparation_step,
        name="preparation_step",
    ),
    path("phases/", phases.phases, name="phases"),
    path("phases/move/", phases.phases_move, name="phases_move"),
]
PILOTS = [
    path("pilots/", pilots.pilot_list, name="pilots"),
    path("pilots/new/", pilots.pilot_new, name="pilot_new"),
    path("pilots/<int:pk>/", pilots.pilot, name="pilot"),
    path("pilots/<int:pk>/factors/<slug:factor>/", pilots.pilot_factor, name="pilot_factor"),
    path("pilots/<int:pk>/units/<int:unit_id>/", pilots.pilot_unit, name="pilot_unit"),
    path("pilots/<int:pk>/decide/", pilots.pilot_decide, name="pilot_decide"),
    path("pilots/<int:pk>/correct/", pilots.pilot_correct, name="pilot_correct"),
    path("pilots/<int:pk>/discard/", pilots.pilot_discard, name="pilot_discard"),
]

MONEV = [
    path("monev/", monev.monev_list, name="monev"),
    path("monev/zones/<int:zone_pk>/", monev.zone_monev, name="zone_monev"),
    path("monev/plans/<int:pk>/freeze/<str:period>/", monev.plan_freeze, name="plan_freeze"),
    path(
        "monev/plans/<int:pk>/compare/<str:before>/<str:after>/",
        monev.plan_compare,
        name="plan_compare",
    ),
    path("monev/periods/<int:pk>/", monev.plan_period, name="plan_period"),
    path("monev/periods/<int:pk>/meetings/new/", meetings.meeting_new, name="meeting_new"),
    path("monev/meetings/<int:pk>/", meetings.meeting, name="meeting"),
    path("monev/meetings/<int:pk>/edit/", meetings.meeting_edit, name="meeting_edit"),
    path("monev/meetings/<int:pk>/attend/", meetings.meeting_attend, name="meeting_attend"),
    path("monev/meetings/<int:pk>/settle/", meetings.meeting_settle, name="meeting_settle"),
    path("monev/meetings/<int:pk>/reopen/", meetings.meeting_reopen, name="meeting_reopen"),
    path("monev/meetings/<int:pk>/agenda/new/", meetings.item_new, name="item_new"),
    path("monev/agenda/<int:pk>/", meetings.item_edit, name="item_edit"),
    path(
        "monev/meetings/<int:pk>/papers/<slug:variant>/",
        monev_papers.paper_make,
        name="monev_paper_make",
    ),
    path("monev/papers/<int:pk>/", monev_papers.paper, name="monev_paper"),
    path("monev/papers/<int:pk>/scan/", monev_papers.paper_scan, name="monev_paper_scan"),
    path("monev/scans/<int:pk>/", monev_papers.scan_file, name="monev_scan_file"),
    path("monev/meetings/<int:pk>/follow-ups/new/", follow_ups.follow_up_new, name="follow_up_new"),
    path("monev/follow-ups/<int:pk>/", follow_ups.follow_up, name="follow_up"),
    path("monev/follow-ups/<int:pk>/edit/", follow_ups.follow_up_edit, name="follow_up_edit"),
    path("monev/follow-ups/<int:pk>/report/", follow_ups.follow_up_report, name="follow_up_report"),
    path("monev/follow-ups/<int:pk>/verify/", follow_ups.follow_up_verify, name="follow_up_verify"),
    path("monev/follow-ups/<int:pk>/return/", follow_ups.follow_up_return, name="follow_up_return"),
    path("monev/follow-ups/files/<int:pk>/", follow_ups.follow_up_file, name="follow_up_file"),
]
EVENTS = [
    path("events/", events.event_list, name="events"),
    path("events/zones/<int:zone_pk>/", events.zone_events, name="zone_events"),
    path("events/zones/<int:zone_pk>/new/", events.event_new, name="event_new"),
    path("events/<int:pk>/", events.event, name="event"),
    path("events/<int:pk>/edit/", events.event_edit, name="event_edit"),
    path("events/<int:pk>/hold/", events.event_hold, name="event_hold"),
    path("events/<int:pk>/cancel/", events.event_cancel, name="event_cancel"),
    path("events/<int:pk>/replan/", events.event_replan, name="event_replan"),
    path("events/<int:pk>/files/", events.event_files, name="event_files"),
    path("events/files/<int:pk>/", events.event_file, name="event_file"),
    path("events/<int:pk>/questions/new/", questions.question_new, name="question_new"),
    path("events/questions/<int:pk>/", questions.question, name="question"),
    path("events/questions/<int:pk>/edit/", questions.question_edit, name="question_edit"),
    path("events/questions/<int:pk>/answer/", questions.question_answer, name="question_answer"),
    path("events/questions/<int:pk>/again/", questions.question_again, name="question_again"),
    path("events/answers/files/<int:pk>/", questions.answer_file, name="answer_file"),
]
RECOMMENDATION = "recommendations/<int:pk>/"
RECOMMENDATIONS = [
    path("recommendations/", recommendations.recommendation_list, name="recommendations"),
    path(
        "recommendations/zones/<int:zone_pk>/",
        recommendations.zone_recommendations,
        name="zone_recommendations",
    ),
    path(
        "recommendations/zones/<int:zone_pk>/new/",
        recommendations.recommendation_new,
        name="recommendation_new",
    ),
    path(
        "recommendations/zones/<int:zone_pk>/paste/",
        recommendations.recommendation_paste,
        name="recommendation_paste",
    ),
    path(RECOMMENDATION, recommendations.recommendation, name="recommendation"),
    path(f"{RECOMMENDATION}edit/", recommendations.recommendation_edit, name="recommendation_edit"),
    path(f"{RECOMMENDATION}due/", recommendations.recommendation_due, name="recommendation_due"),
    path(
        f"{RECOMMENDATION}reply/",
        recommendation_replies.recommendation_reply,
        name="recommendation_reply",
    ),
    path(
        f"{RECOMMENDATION}decide/",
        recommendation_replies.recommendation_decide,
        name="recommendation_decide",
    ),
    path("recommendations/files/<int:pk>/", recommendation_replies.reply_file, name="reply_file"),
]

PACTS = [
    path("pacts/", pacts.pacts, name="pacts"),
    path("pacts/mine/", pacts.my_pact, name="my_pact"),
    path("pacts/mine/sign/", pacts.pact_sign, name="pact_sign"),
    path("pacts/units/<int:unit_id>/", pacts.unit_pacts, name="unit_pacts"),
    path("pacts/units/<int:unit_id>/record/", pacts.pact_record, name="pact_record"),
    path("pacts/units/<int:unit_id>/pdf/", pacts.pact_list_pdf, name="pact_list_pdf"),
    path("pacts/<int:pk>/withdraw/", pacts.pact_withdraw, name="pact_withdraw"),
    path("pacts/<int:pk>/pdf/", pacts.pact_pdf, name="pact_pdf"),
    path("pacts/scans/<int:pk>/", pacts.pact_scan, name="pact_scan"),
]

urlpatterns = [
    *EVIDENCE,
    *WORKSHEETS,
    *EXCEL,
    *INSTRUMENTS,
    *PLANNING,
    *ACTS,
    *WORKPLANS,
    *JOURNEY,
    *PAPERS,
    *TEAMS,
    *PREPARATION,
    *PILOTS,
    *MONEV,
    *EVENTS,
    *RECOMMENDATIONS,
    *PACTS,
    *FIGURES,
    *PLANS,
    *KEEPING,
    *IMPORTS,
    *EXPORTS,
    *BOOKLETS,
    *SURVEYS,
]

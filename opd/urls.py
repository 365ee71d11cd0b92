from django.urls import path

from opd.place_urls import MEETINGS, PLACES
from opd.views import (
    accounts,
    directives,
    employees,
    facts,
    home,
    inbox,
    innovations,
    invitations,
    people,
    promises,
    services,
    status,
    tpi,
    tpi_teams,
    unit_changes,
    unit_details,
    unit_imports,
    unit_splits,
    units,
    volumes,
    year_calendar,
)

app_name = "opd"

SERVICES = [
    path("services/", services.service_overview, name="service_overview"),
    path("units/<int:unit_id>/services/", services.unit_services, name="unit_services"),
    path("units/<int:unit_id>/services/add/", services.service_add, name="service_add"),
    path("units/<int:unit_id>/services/<int:year>/", volumes.volumes, name="volumes"),
    path("services/<int:service_id>/", services.service, name="service"),
    path("services/<int:service_id>/edit/", services.service_edit, name="service_edit"),
    path("services/<int:service_id>/remove/", services.service_remove, name="service_remove"),
    path("services/<int:service_id>/moves/add/", services.move_add, name="move_add"),
    path(
        "services/<int:service_id>/moves/<int:move_id>/correct/",
        services.move_correct,
        name="move_correct",
    ),
]

EMPLOYEES = [
    path("units/<int:unit_id>/employees/", employees.roster, name="roster"),
    path("units/<int:unit_id>/employees/add/", employees.employee_add, name="employee_add"),
    path(
        "units/<int:unit_id>/employees/import/", employees.employee_import, name="employee_import"
    ),
    path("employees/<int:post_id>/edit/", employees.employee_edit, name="employee_edit"),
    path("employees/<int:post_id>/move/", employees.employee_move, name="employee_move"),
    path("employees/<int:post_id>/end/", employees.employee_end, name="employee_end"),
]

TPI = [
    path("people/tpi/team/", tpi_teams.tpi_year, name="tpi_year"),
    path("people/tpi/team/decree/", tpi_teams.tpi_team_edit, name="tpi_team_edit"),
    path("people/tpi/teams/<int:pk>/file/", tpi_teams.tpi_decree_file, name="tpi_decree_file"),
    path("people/tpi/teams/<int:pk>/members/add/", tpi_teams.tpi_member_add, name="tpi_member_add"),
    path("people/tpi/units/<int:unit_id>/assign/", tpi_teams.tpi_assign, name="tpi_assign"),
    path(
        "people/tpi/members/<int:pk>/remove/", tpi_teams.tpi_member_remove, name="tpi_member_remove"
    ),
]

INNOVATIONS = [
    path("innovations/", innovations.innovation_list, name="innovations"),
    path("units/<int:unit_id>/innovations/", innovations.unit_innovations, name="unit_innovations"),
    path("units/<int:unit_id>/innovations/add/", innovations.innovation_add, name="innovation_add"),
    path("innovations/<int:pk>/", innovations.innovation, name="innovation"),
    path("innovations/<int:pk>/edit/", innovations.innovation_edit, name="innovation_edit"),
    path(
        "innovations/<int:pk>/files/<int:file_id>/",
        innovations.innovation_file,
        name="innovation_file",
    ),
    path(
        "innovations/<int:pk>/files/<int:file_id>/remove/",
        innovations.innovation_file_remove,
        name="innovation_file_remove",
    ),
]

CALENDAR = [
    path("calendar/", year_calendar.calendar, name="calendar"),
    path("calendar/add/", year_calendar.calendar_add, name="calendar_add"),
    path("calendar/<int:year>/<slug:key>/", year_calendar.calendar_date, name="calendar_date"),
    path("calendar/<int:year>/<slug:key>/move/", year_calendar.calendar_move, name="calendar_move"),
    path("calendar/<int:year>/<slug:key>/mark/", year_calendar.calendar_mark, name="calendar_mark"),
    path("calendar/<int:year>/<slug:key>/drop/", year_calendar.calendar_drop, name="calendar_drop"),
]
INBOX = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.inbox_read_all, name="inbox_read_all"),
    path("inbox/<int:pk>/open/", inbox.inbox_open, name="inbox_open"),
    path("late/", inbox.late, name="late"),
    path("account/messages/", inbox.message_choice, name="message_choice"),
]
DIRECTIVES = [
    path("directives/", directives.directive_list, name="directives"),
    path("directives/new/", directives.directive_new, name="directive_new"),
    path("directives/<int:pk>/", directives.directive, name="directive"),
    path(
        "directives/<int:pk>/acknowledge/",
        directives.directive_acknowledge,
        name="directive_acknowledge",
    ),
    path("directives/<int:pk>/report/", directives.directive_report, name="directive_report"),
    path("directives/<int:pk>/finish/", directives.directive_finish, name="directive_finish"),
    path("directives/<int:pk>/return/", directives.directive_return, name="directive_return"),
    path("directives/<int:pk>/withdraw/", directives.directive_withdraw, name="directive_withdraw"),
    path("directives/reports/<int:pk>/file/", directives.directive_file, name="directive_file"),
]
PROMISES = [
    path("promises/", promises.promise_list, name="promises"),
    path("promises/new/", promises.promise_new, name="promise_new"),
    path("promises/<int:pk>/", promises.promise, name="promise"),
    path("promises/<int:pk>/edit/", promises.promise_edit, name="promise_edit"),
    path("promises/<int:pk>/judge/", promises.promise_judge, name="promise_judge"),
    path("promises/<int:pk>/reopen/", promises.promise_reopen, name="promise_reopen"),
    path("promises/<int:pk>/file/", promises.promise_file, name="promise_file"),
]
urlpatterns = [
    *CALENDAR,
    *INBOX,
    *DIRECTIVES,
    *PROMISES,
    *PLACES,
    *MEETINGS,
    *SERVICES,
    *INNOVATIONS,
    *TPI,
    *EMPLOYEES,
    path("switch/", home.membership_switch, name="membership_switch"),
    path("account/", accounts.account, name="account"),
    path("account/sessions/end/", accounts.sessions_end, name="sessions_end"),
    path("account/offices/", accounts.offices, name="offices"),
    path("people/", people.people, name="people"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/office/", people.office_add, name="office_add"),
    path("people/<int:pk>/reset-code/", accounts.reset_code, name="reset_code"),
    path("people/<int:pk>/close/", accounts.account_close, name="account_close"),
    path("people/<int:pk>/reopen/", accounts.account_reopen, name="account_reopen"),
    path("people/<int:pk>/factor/remove/", accounts.factor_remove, name="factor_remove"),
    path("people/<int:pk>/name/", accounts.rename, name="rename"),
    path("people/<int:pk>/identifiers/", accounts.identifier_add, name="identifier_add"),
    path(
        "people/<int:pk>/identifiers/<int:identifier>/remove/",
        accounts.identifier_remove,
        name="identifier_remove",
    ),
    path("people/offices/<int:pk>/end/", people.office_end, name="office_end"),
    path("people/offices/<int:pk>/substitute/", people.substitute_add, name="substitute_add"),
    path("people/invitations/", invitations.invitations, name="invitations"),
    path("people/invitations/new/", invitations.invite, name="invite"),
    path(
        "people/invitations/<int:pk>/withdraw/",
        invitations.invitation_withdraw,
        name="invitation_withdraw",
    ),
    path("people/tpi/", tpi.tpi, name="tpi"),
    path("people/tpi/<int:pk>/release/", tpi.tpi_release, name="tpi_release"),
    path("units/", units.unit_list, name="unit_list"),
    path("units/<int:unit_id>/", units.unit_detail, name="unit"),
    path("units/add/", unit_changes.unit_add, name="unit_add"),
    path("units/merge/", unit_changes.unit_merge, name="unit_merge"),
    path("units/<int:unit_id>/edit/", unit_changes.unit_edit, name="unit_edit"),
    path("units/<int:unit_id>/rename/", unit_changes.unit_rename, name="unit_rename"),
    path("units/<int:unit_id>/names/add/", unit_changes.former_name_add, name="former_name_add"),
    path("units/<int:unit_id>/close/", unit_changes.unit_close, name="unit_close"),
    path("units/<int:unit_id>/split/", unit_splits.unit_split, name="unit_split"),
    path("units/<int:unit_id>/hand-over/", unit_splits.unit_hand_over, name="unit_hand_over"),
    path("units/<int:unit_id>/duties/", unit_details.unit_duties, name="unit_duties"),
    path("units/<int:unit_id>/facts/add/", facts.unit_fact_add, name="unit_fact_add"),
    path("facts/", facts.fact_list, name="fact_list"),
    path("facts/add/", facts.fact_add, name="fact_add"),
    path("facts/<int:fact_id>/", facts.fact_edit, name="fact_edit"),
    path("facts/<int:fact_id>/file/", facts.fact_file, name="fact_file"),
    path("facts/<int:fact_id>/remove/", facts.fact_remove, name="fact_remove"),
    path("units/kinds/", unit_details.kind_rules, name="kind_rules"),
    path("units/import/", unit_imports.import_upload, name="unit_import_upload"),
    path("units/import/list.csv", unit_imports.unit_csv, name="unit_csv"),
    path("units/import/<int:import_id>/", unit_imports.import_preview, name="unit_import"),
    path(
        "units/import/<int:import_id>/confirm/",
        unit_imports.import_confirm,
        name="unit_import_confirm",
    ),
    path(
        "units/import/<int:import_id>/discard/",
        unit_imports.import_discard,
        name="unit_import_discard",
    ),
    path(
        "units/import/<int:import_id>/refused.csv",
        unit_imports.import_refused,
        name="unit_import_refused",
    ),
    path("status/", status.status, name="status"),
]

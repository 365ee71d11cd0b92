"""The roster of a unit: take in, correct, move, let go, many at once. No name reaches the ledger."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from integrity_portal.core import ledger
from integrity_portal.core.formatting import date_id
from opd.employee_rows import EmployeeRow, clean_nip, nip_problem
from opd.models import Employee, EmployeePost, Membership, Unit
from opd.permissions import may_write_roster
from opd.queries.employees import Outcome, known_without_post, plan_of
from opd.registry import RegistryRefused, check_row


@dataclass(frozen=True)
class EmployeeFacts:
    name: str
    nip: str = ""
    title: str = ""


@transaction.atomic
def add_employee(
    *, by: Membership, unit: Unit, facts: EmployeeFacts, first_day: date, today: date
) -> EmployeePost:
    """Somebody begins in a unit; who worked in this government before keeps his row."""
    unit = _writable(by, unit)
    post = _begin(unit, facts, first_day, today)
    ledger.record("employee.added", post, by=by, codes=_codes(post))
    return post


@transaction.atomic
def edit_employee(*, by: Membership, post: EmployeePost, facts: EmployeeFacts) -> EmployeePost:
    row = _locked(by, post)
    _write_person(row.employee, facts)
    row.title = facts.title
    row.save(update_fields=["title"])
    ledger.record("employee.edited", row, by=by, codes=_codes(row))
    return row


@transaction.atomic
def move_employee(
    *, by: Membership, post: EmployeePost, to: Unit, title: str, first_day: date, today: date
) -> EmployeePost:
    """Ends here on the day before and begins there. The pact of the year goes along."""
    row = _locked(by, post)
    if to.government_id != by.government_id or to.is_closed(first_day):
        raise RegistryRefused(_("Choose a unit that is active on that day."), field="unit")
    if to.pk == row.unit_id:
        raise RegistryRefused(_("The employee already works in this unit."), field="unit")
    _check_first_day(first_day, today)
    _end(row, first_day - timedelta(days=1), field="first_day")
    began = EmployeePost(
        government_id=row.government_id,
        employee=row.employee,
        unit=to,
        title=title,
        valid_from=first_day,
    )
    with _assessors_refused():
        began.save()
    codes: dict[str, ledger.Code] = {"from": row.unit_id, "to": to.pk, "employee": row.employee_id}
    ledger.record("employee.moved", began, by=by, codes=codes)
    return began


@transaction.atomic
def end_employment(*, by: Membership, post: EmployeePost, last_day: date) -> EmployeePost:
    """Retired or left. The row stays for the pacts of the past."""
    row = _locked(by, post)
    _end(row, last_day, field="last_day")
    ledger.record("employee.ended", row, by=by, codes=_codes(row))
    return row


@transaction.atomic
def import_employees(
    *, by: Membership, unit: Unit, rows: Sequence[EmployeeRow], today: date
) -> dict[str, int]:
    """All good rows; the others stay with the person. How many of each outcome."""
    unit = _writable(by, unit)
    counts = dict.fromkeys(Outcome, 0)
    plan = plan_of(unit, rows, today=today)
    for planned in plan:
        row = planned.row
        outcome = planned.outcome
        facts = EmployeeFacts(row.name, row.nip, row.title)
        if outcome == Outcome.NEW:
            _begin(unit, facts, row.first_day or today, today)
        elif outcome == Outcome.CHANGED and planned.post is not None:
            _write_person(planned.post.employee, facts)
            planned.post.title = row.title or planned.post.title
            planned.post.save(update_fields=["title"])
        counts[outcome] += 1
    codes: dict[str, ledger.Code] = {str(name): number for name, number in counts.items()}
    ledger.record("unit.employees_imported", unit, by=by, codes=codes)
    return {str(name): number for name, number in counts.items()}


def _writable(by: Membership, unit: Unit) -> Unit:
    if not may_write_roster(by, unit):
        raise PermissionDenied(_("Your role does not include the employees of this unit."))
    return Unit.objects.select_for_update(of=("self",), no_key=True).get(
        pk=unit.pk, government_id=by.government_id
    )


def _locked(by: Membership, post: EmployeePost) -> EmployeePost:
    _writable(by, post.unit)
    return (
        EmployeePost.objects.select_for_update(of=("self",), no_key=True)
        .select_related("employee", "unit")
        .get(pk=post.pk, government_id=by.government_id)
    )


def _begin(unit: Unit, facts: EmployeeFacts, first_day: date, today: date) -> EmployeePost:
    _check_first_day(first_day, today)
    _check_nip(facts.nip)
    nip = clean_nip(facts.nip)
    known = known_without_post(unit.government_id, [nip]).get(nip) if nip else None
    if known is not None:
        _refuse_two_posts(known, unit, first_day)
    person = known or Employee(government_id=unit.government_id, is_sample=unit.is_sample)
    _write_person(person, facts)
    post = EmployeePost(
        government_id=unit.government_id,
        employee=person,
        unit=unit,
        title=facts.title,
        valid_from=first_day,
    )
    with _assessors_refused():
        post.save()
    return post


def _refuse_two_posts(person: Employee, unit: Unit, first_day: date) -> None:
    newest = person.posts.order_by("-valid_from").first()
    if newest is None:
        return
    if newest.valid_to is None or newest.valid_to >= first_day:
        if newest.unit_id == unit.pk:
            raise RegistryRefused(
                _("This NIP already stands in the list of this unit."), field="nip"
            )
        raise RegistryRefused(
            _("This NIP works in another unit. That unit, or the ZI secretariat, moves it."),
            field="nip",
        )


def _write_person(person: Employee, facts: EmployeeFacts) -> None:
    _check_nip(facts.nip)
    person.name, person.nip = facts.name, clean_nip(facts.nip)
    taken = Employee.objects.filter(government_id=person.government_id, nip=person.nip)
    if person.nip and taken.exclude(pk=person.pk).exists():
        raise RegistryRefused(_("Another employee already has this NIP."), field="nip")
    check_row(person)
    with _assessors_refused():
        person.save()


def _check_nip(text: str) -> None:
    problem = nip_problem(text)
    if problem:
        raise RegistryRefused(problem, field="nip")


def _check_first_day(first_day: date, today: date) -> None:
    if first_day > today:
        raise RegistryRefused(_("The first day lies ahead."), field="first_day")


def _end(row: EmployeePost, last_day: date, *, field: str) -> None:
    if row.valid_to is not None:
        raise RegistryRefused(_("This has already ended. Reload the page."))
    if last_day < row.valid_from:
        raise RegistryRefused(
            _("The employee began here on %(day)s. Choose a later day.")
            % {"day": date_id(row.valid_from)},
            field=field,
        )
    row.valid_to = last_day
    row.save(update_fields=["valid_to"])


@contextmanager
def _assessors_refused() -> Iterator[None]:
    """The database keeps assessors out of the units they assess (opd/models/assessing_sql.py)."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if "where he assesses" not in str(error):
            raise
        raise RegistryRefused(
            _(
                "This person assesses this unit for the TPI. He must be released on the TPI page "
                "first."
            )
        ) from error


def _codes(post: EmployeePost) -> dict[str, ledger.Code]:
    return {"employee": post.employee_id, "unit": post.unit_id}

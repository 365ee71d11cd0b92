"""Offices of people: give, substitute, end; members of the TPI."""

from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from integrity_portal.core import ledger
from integrity_portal.core.formatting import date_id
from opd import offices, permissions, queries
from opd.enums import OfficeStatus
from opd.models import Membership, TpiAssignment, Unit, User
from opd.queries.employees import works_in_branch
from opd.transitions import StepRefused

# A decree may reach the portal late; nobody gets rights over a past that is long reported.
BACK_DATED = timedelta(days=30)


@transaction.atomic
def give_office(*, person: User, office: offices.Office, by: Membership, today: date) -> Membership:
    """A further office for somebody who is already known in this government."""
    _lock(person)
    if by.user_id == person.pk:
        raise PermissionDenied(_("Nobody gives an office to himself. Ask another administrator."))
    if not queries.people_in_scope(by).filter(pk=person.pk).exists():
        raise PermissionDenied(_("Invite this person: an account outside your unit has to agree."))
    offices.check(office, by=by, person=person, today=today)
    given = offices.write(office, person=person, government_id=by.government_id)
    ledger.record("membership.given", given, by=by, codes=offices.codes(given))
    return given


@transaction.atomic
def appoint_substitute(
    *,
    office: Membership,
    person: User,
    office_status: str,
    first: date,
    last: date,
    by: Membership,
    today: date,
) -> Membership:
    """Somebody stands in (Plh., Plt.) with the rights of the office, exactly for these days."""
    office = _locked_office(office)
    if by.user_id == person.pk:
        raise PermissionDenied(_("Nobody gives an office to himself. Ask another administrator."))
    if not permissions.may_manage_office(by, office):
        raise PermissionDenied(_("You may not appoint a substitute for this office."))
    if person.pk == office.user_id:
        raise StepRefused(_("The substitute must be another person."))
    if office_status not in (OfficeStatus.PLH, OfficeStatus.PLT):
        raise StepRefused(_("A substitute is Plh. or Plt."))
    _check_days(office, first, last, today)
    stand_in = offices.Office(
        role=office.role,
        unit=office.unit,
        title=office.title,
        office_status=office_status,
        valid_from=first,
        valid_to=last,
        acts_below=office.acts_below,
    )
    offices.check(stand_in, by=by, person=_lock(person), today=today)
    row = offices.write(
        stand_in, person=person, government_id=office.government_id, substitutes_for=office
    )
    ledger.record("membership.substituted", row, by=by, codes=offices.codes(row))
    return row


def _check_days(office: Membership, first: date, last: date, today: date) -> None:
    """Of a substitution: not long past, not over, not beyond the office."""
    if first < today - BACK_DATED:
        raise StepRefused(
            _("A substitution begins on %(day)s at the earliest, %(days)s days back.")
            % {"day": date_id(today - BACK_DATED), "days": BACK_DATED.days}
        )
    if last < today:
        raise StepRefused(_("The substitution would already be over. Choose a later last day."))
    if office.valid_to is not None and last > office.valid_to:
        raise StepRefused(_("The office itself ends earlier. Choose an earlier last day."))


@transaction.atomic
def end_office(*, office: Membership, last_day: date, by: Membership, today: date) -> None:
    """Set the last day. An office that would never have begun disappears."""
    office = _locked_office(office)
    if not permissions.may_manage_office(by, office):
        raise PermissionDenied(_("You may not end this office."))
    if office.valid_to is not None and office.valid_to < today:
        raise StepRefused(_("This office is already over."))
    codes: dict[str, ledger.Code] = {
        "person": office.user_id,
        "role": office.role,
        "to": last_day.isoformat(),
    }
    if last_day < office.valid_from:
        if office.valid_from <= today:
            raise StepRefused(_("The last day lies before the first day."))
        ledger.record("membership.cancelled", office, by=by, codes=codes)
        _remove_unbegun(office)
        return
    office.valid_to = last_day
    office.save(update_fields=["valid_to"])
    ledger.record("membership.ended", office, by=by, codes=codes)
    for stand_in in office.substitutes.filter(valid_to__gt=last_day):
        if stand_in.valid_from > last_day:
            ledger.record("membership.cancelled", stand_in, by=by, codes={"for": office.pk})
            _remove_unbegun(stand_in)
            continue
        stand_in.valid_to = last_day
        stand_in.save(update_fields=["valid_to"])
        ledger.record("membership.ended", stand_in, by=by, codes={**codes, "for": office.pk})


def _remove_unbegun(office: Membership) -> None:
    try:
        with transaction.atomic():
            office.delete()
    except ProtectedError as error:
        raise StepRefused(
            _("Something already depends on this office. Choose its first day as the last day.")
        ) from error


@transaction.atomic
def assign_tpi(
    *, member: Membership, unit: Unit, year: int, by: Membership, today: date
) -> TpiAssignment:
    """A person assesses a unit in a year; never his own branch, by whatever office he is in it."""
    if not permissions.can_assign_tpi(by) or by.government_id != unit.government_id:
        raise PermissionDenied(_("Your role does not assign members of the TPI."))
    if member.government_id != by.government_id:
        raise PermissionDenied(_("This person belongs to another government."))
    _lock(member.user)
    if queries.holds_office_in_branch(member.user_id, unit, today=today) or works_in_branch(
        member.user_id, unit, today=today
    ):
        raise StepRefused(_("Nobody assesses his own unit. Choose another unit or person."))
    row, is_new = TpiAssignment.objects.get_or_create(
        government_id=by.government_id, membership=member, unit=unit, year=year
    )
    if not is_new:
        raise StepRefused(_("This person already assesses this unit in that year."))
    ledger.record(
        "tpi.assigned",
        row,
        by=by,
        codes={"member": member.pk, "unit": unit.pk, "year": year},
    )
    return row


@transaction.atomic
def release_tpi(*, assignment: TpiAssignment, by: Membership) -> None:
    if not permissions.can_assign_tpi(by) or assignment.government_id != by.government_id:
        raise PermissionDenied(_("Your role does not assign members of the TPI."))
    codes = {
        "member": assignment.membership_id,
        "unit": assignment.unit_id,
        "year": assignment.year,
    }
    ledger.record("tpi.released", assignment, by=by, codes=codes)
    assignment.delete()


def _lock(person: User) -> User:
    return User.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)


def _locked_office(office: Membership) -> Membership:
    rows = Membership.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("unit", "government", "user").get(pk=office.pk)

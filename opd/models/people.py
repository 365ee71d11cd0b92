"""People: one account, several login identifiers, memberships over time."""

import secrets
from datetime import date, datetime
from typing import Any, ClassVar

import pgtrigger
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from integrity_portal.core.history import track
from integrity_portal.core.models import new_public_id
from opd.enums import (
    GOVERNMENT_ROLES,
    UNIT_ROLES,
    IdentifierKind,
    InvitationState,
    OfficeStatus,
    Role,
)
from opd.models.assessing_sql import (
    ASSESSOR_STAYS,
    OFFICE_WHERE_HE_ASSESSES,
    OWN_UNIT_ASSESSED,
    WITHIN_ONE_GOVERNMENT,
    refuse_when,
)
from opd.models.government import Government
from opd.models.units import Unit


class UserManager(BaseUserManager["User"]):
    def create_user(self, name: str, password: str | None = None, **values: Any) -> "User":
        user = self.model(name=name, **values)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str, **values: Any) -> "User":
        return self.create_user(
            name=username, password=password, is_staff=True, is_superuser=True, **values
        )


def random_username() -> str:
    return secrets.token_hex(8)


class User(AbstractBaseUser, PermissionsMixin):
    """An account. People sign in with a LoginIdentifier; `username` is internal and random."""

    username = models.CharField(max_length=32, unique=True, default=random_username, editable=False)
    name = models.CharField(max_length=120)
    # Only for allauth's mails; empty for the many people without a working mailbox.
    email = models.EmailField(blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    must_change_password = models.BooleanField(default=False)
    # Part of every session's check value: raising it ends all sessions of the person.
    session_version = models.PositiveIntegerField(default=0, editable=False)
    date_joined = models.DateTimeField(db_default=Now())

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return f"user {self.pk}"

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        return salted_hmac(
            "opd.User.session",
            f"{self.session_version}.{self.password}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()


class LoginIdentifier(models.Model):
    """NIP, e-mail or phone, normalised (opd.identity.normalise), unique in the whole portal."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="identifiers")
    kind = models.CharField(max_length=5, choices=IdentifierKind)
    value = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "value"],
                name="login_identifier_once",
                violation_error_message=_("Another account already signs in with this."),
            )
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="nip_of_nobody_who_works_where_he_assesses",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=refuse_when("login"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of user {self.user_id}"


class MembershipQuerySet(models.QuerySet["Membership"]):
    def valid_on(self, day: date) -> "MembershipQuerySet":
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)


@track()
class Membership(models.Model):
    """One office of one person: in which government or unit, in which role, from when to when."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="memberships")
    unit = models.ForeignKey(
        Unit,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="memberships",
    )
    role = models.CharField(max_length=24, choices=Role)
    title = models.CharField(max_length=150)
    office_status = models.CharField(
        max_length=10, choices=OfficeStatus, default=OfficeStatus.DEFINITIF
    )
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    # May write for the units below its own (a camat for his kelurahan), not only read them.
    acts_below = models.BooleanField(default=False)
    # Set when this person stands in for another office for the period of this membership.
    substitutes_for = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="substitutes",
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="membership_order",
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                violation_error_message=_("The last day lies before the first day."),
            ),
            models.CheckConstraint(
                name="membership_unit_role_has_unit",
                condition=~Q(role__in=sorted(UNIT_ROLES)) | Q(unit__isnull=False),
                violation_error_message=_("This role belongs to a unit: choose the unit."),
            ),
            models.CheckConstraint(
                name="membership_government_role_has_no_unit",
                condition=~Q(role__in=sorted(GOVERNMENT_ROLES)) | Q(unit=None),
                violation_error_message=_(
                    "This role is for the whole government: do not choose a unit."
                ),
            ),
            models.CheckConstraint(
                name="membership_substitute_ends",
                condition=Q(substitutes_for=None) | Q(valid_to__isnull=False),
                violation_error_message=_("A substitution needs a last day."),
            ),
            models.UniqueConstraint(
                fields=["user", "government", "unit", "role", "valid_from"],
                nulls_distinct=False,
                name="membership_once",
                violation_error_message=_("This person already has this role from that day."),
            ),
        ]
        triggers: ClassVar = [
            # The other side of TpiAssignment's: old rows may still be ended, not placed anew.
            pgtrigger.Trigger(
                name="nobody_holds_an_office_where_he_assesses",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=OFFICE_WHERE_HE_ASSESSES,
            ),
            pgtrigger.Trigger(
                name="office_of_an_assessor_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("user_id"),
                func=ASSESSOR_STAYS,
            ),
        ]

    def __str__(self) -> str:
        return f"membership {self.pk} ({self.role})"

    @property
    def printed_title(self) -> str:
        """`Plt. Kepala Dinas …`; a definitive office has no prefix."""
        if self.office_status == OfficeStatus.DEFINITIF:
            return self.title
        return f"{OfficeStatus(self.office_status).label} {self.title}"


class TpiAssignment(models.Model):
    """A member of the internal assessment team (TPI) for a year; may come from any unit."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    membership = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="tpi_assignments"
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="tpi_assignments")
    year = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "unit", "year"], name="tpi_assignment_once"
            )
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="nobody_assesses_his_own_unit",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=OWN_UNIT_ASSESSED,
            ),
            pgtrigger.Trigger(
                name="tpi_within_one_government",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=WITHIN_ONE_GOVERNMENT,
            ),
        ]

    def __str__(self) -> str:
        return f"TPI {self.year} unit {self.unit_id}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open_at(self, now: datetime) -> "InvitationQuerySet":
        return self.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=now)


class Invitation(models.Model):
    """A link that makes an account with one membership; only the hash of its token is stored."""

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    token_hash = models.CharField(max_length=64, unique=True)
    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT)
    role = models.CharField(max_length=24, choices=Role)
    name = models.CharField(max_length=120)
    title = models.CharField(max_length=150)
    office_status = models.CharField(
        max_length=10, choices=OfficeStatus, default=OfficeStatus.DEFINITIF
    )
    # The office that accepting gives.
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    acts_below = models.BooleanField(default=False)
    identifier_kind = models.CharField(max_length=5, choices=IdentifierKind)
    identifier_value = models.CharField(max_length=120)
    invited_by = models.ForeignKey(Membership, on_delete=models.PROTECT)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="invitation_one_end",
                condition=Q(accepted_at=None) | Q(withdrawn_at=None),
            ),
            models.CheckConstraint(
                name="invitation_unit_role_has_unit",
                condition=~Q(role__in=sorted(UNIT_ROLES)) | Q(unit__isnull=False),
                violation_error_message=_("This role belongs to a unit: choose the unit."),
            ),
            models.CheckConstraint(
                name="invitation_government_role_has_no_unit",
                condition=~Q(role__in=sorted(GOVERNMENT_ROLES)) | Q(unit=None),
                violation_error_message=_(
                    "This role is for the whole government: do not choose a unit."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"

    def state_at(self, now: datetime) -> InvitationState:
        if self.accepted_at:
            return InvitationState.ACCEPTED
        if self.withdrawn_at:
            return InvitationState.WITHDRAWN
        return InvitationState.OPEN if self.expires_at > now else InvitationState.EXPIRED


class ResetCode(models.Model):
    """A one-time code with which somebody without a mailbox sets a new password."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="reset_codes")
    code_hash = models.CharField(max_length=64)
    issued_by = models.ForeignKey(Membership, on_delete=models.PROTECT)
    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["user", "-id"], name="reset_code_newest")]

    def __str__(self) -> str:
        return f"reset code {self.pk}"

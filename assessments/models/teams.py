"""Work teams (tim kerja ZI) of a zone and year, with one pokja per area and change agents."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.enums import AreaOfChange, TeamFunction
from assessments.models.workplans import branch
from assessments.models.zones import IntegrityZone
from integrity_portal.core.history import track
from opd.models import Government, Membership

# What a signed decree lists no longer changes; the next version of the team does.
SEALED_STAYS = """
IF EXISTS (
    SELECT 1 FROM assessments_workteam
    WHERE id = COALESCE(NEW.team_id, OLD.team_id) AND sealed_at IS NOT NULL
) THEN
    RAISE EXCEPTION 'team_member_sealed: the decree of this team is signed'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'team_member_sealed';
END IF;
IF TG_OP = 'DELETE' THEN
    RETURN OLD;
END IF;
RETURN NEW;
"""


class WorkTeamQuerySet(models.QuerySet["WorkTeam"]):
    def visible_to(self, membership: Membership) -> "WorkTeamQuerySet":
        return self.filter(branch(membership, "zone__unit"))


@track()
class WorkTeam(models.Model):
    """The team of one zone in one year. Once its decree is signed it is sealed: a change of the
    team is a new version that replaces it."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="work_teams")
    zone = models.ForeignKey(IntegrityZone, on_delete=models.PROTECT, related_name="teams")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField(default=1)
    replaces = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    copied_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="copies"
    )
    sealed_at = models.DateTimeField(null=True, blank=True)
    is_sample = models.BooleanField(default=False)

    objects: ClassVar[WorkTeamQuerySet] = WorkTeamQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["government", "id"], name="work_team_in_government"),
            models.UniqueConstraint(
                fields=["zone", "year", "number"],
                name="work_team_version_once",
                violation_error_message=_("This unit already has a work team for that year."),
            ),
            models.UniqueConstraint(
                fields=["zone", "year"],
                condition=Q(sealed_at=None),
                name="work_team_one_open",
                violation_error_message=_("This unit already has a work team for that year."),
            ),
            models.CheckConstraint(
                name="work_team_year",
                condition=Q(year__gte=2010, year__lte=2100),
                violation_error_message=_("Choose a year between 2010 and 2100."),
            ),
            models.CheckConstraint(
                name="work_team_later_versions_replace",
                condition=Q(number=1, replaces=None) | Q(number__gt=1, replaces__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="work_team_sealed_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__sealed_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"work team {self.pk} of zone {self.zone_id}, {self.year}"

    @property
    def year_text(self) -> str:
        return str(self.year)


@track(exclude=["name", "title", "nip", "agent_of"])
class TeamMember(models.Model):
    """A place in the team: an office of the unit's branch, or just a name and a title."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    team = models.ForeignKey(WorkTeam, on_delete=models.PROTECT, related_name="members")
    function = models.CharField(max_length=16, choices=TeamFunction)
    area = models.CharField(max_length=1, choices=AreaOfChange, blank=True)
    membership = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="team_places"
    )
    # As they are printed in the decree.
    name = models.CharField(max_length=150)
    title = models.CharField(max_length=150)
    nip = models.CharField(max_length=18, blank=True)
    is_agent = models.BooleanField(default=False)
    # What a change agent changes.
    agent_of = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)
    form_key = models.UUIDField(unique=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team", "function"],
                condition=Q(function__in=["penanggung_jawab", "ketua", "sekretaris"]),
                name="team_one_of_each_office",
                violation_error_message=_("This place in the team is already taken."),
            ),
            models.UniqueConstraint(
                fields=["team", "area"],
                condition=Q(function="koordinator"),
                name="team_one_coordinator_per_pokja",
                violation_error_message=_("This pokja already has a coordinator."),
            ),
            models.CheckConstraint(
                name="team_member_pokja_has_area",
                condition=(Q(function__in=["koordinator", "anggota"]) & ~Q(area=""))
                | (~Q(function__in=["koordinator", "anggota"]) & Q(area="")),
                violation_error_message=_("Choose the area of the pokja."),
            ),
            models.CheckConstraint(
                name="team_agent_says_what",
                condition=(Q(is_agent=True) & ~Q(agent_of="")) | Q(is_agent=False, agent_of=""),
                violation_error_message=_("Write what this change agent changes."),
            ),
            models.CheckConstraint(
                name="team_agent_place_is_agent",
                condition=~Q(function="agen") | Q(is_agent=True),
            ),
            models.CheckConstraint(
                name="team_member_is_somebody", condition=~Q(name="") & ~Q(title="")
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="team_member_sealed",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=SEALED_STAYS,
            )
        ]

    def __str__(self) -> str:
        return f"{self.function} of team {self.team_id}"

"""The internal assessment team (TPI) of a year: its decree and who has which function in it.

Which unit a member assesses stands in `TpiAssignment`.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from integrity_portal.core.history import track
from integrity_portal.core.models import StoredFile
from opd.enums import TpiFunction
from opd.models.government import Government
from opd.models.people import Membership


@track()
class TpiTeam(models.Model):
    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="tpi_teams")
    year = models.PositiveSmallIntegerField()
    decree_number = models.CharField(max_length=80)
    decided_on = models.DateField()
    scan = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT)
    version = models.PositiveIntegerField(default=1)
    is_sample = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["government", "id"], name="tpi_team_in_government"),
            models.UniqueConstraint(
                fields=["government", "year"],
                name="tpi_team_once",
                violation_error_message=_("The team of this year is already recorded."),
            ),
            models.CheckConstraint(
                name="tpi_team_has_decree",
                condition=~Q(decree_number=""),
                violation_error_message=_("Write the number of the decree."),
            ),
        ]

    def __str__(self) -> str:
        return f"TPI {self.year} of {self.government_id}"


@track()
class TpiMember(models.Model):
    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    team = models.ForeignKey(TpiTeam, on_delete=models.PROTECT, related_name="members")
    membership = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="tpi_functions"
    )
    function = models.CharField(max_length=16, choices=TpiFunction)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team", "membership"],
                name="tpi_member_once",
                violation_error_message=_("This person already stands in the team."),
            ),
            models.UniqueConstraint(
                fields=["team", "function"],
                condition=Q(function__in=["penanggung_jawab", "ketua"]),
                name="tpi_one_leader",
                violation_error_message=_(
                    "The team already has somebody in this function. Release him first."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.function} of team {self.team_id}"

"""The roster: who works in a unit, from when to when. Personal data (docs/features/pacts.md).

An employee need not have an account; whoever has one is found by the NIP.
"""

from datetime import date
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from integrity_portal.core.history import track
from opd.models.assessing_sql import refuse_when
from opd.models.government import Government
from opd.models.units import Unit


@track(exclude=["name", "nip"])
class Employee(models.Model):
    """`nip` is empty for those who have none, such as contract staff of a hospital."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="employees")
    name = models.CharField(max_length=150, db_collation="id-x-icu")
    nip = models.CharField(max_length=18, blank=True)
    is_sample = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["government", "id"], name="employee_in_government"),
            models.UniqueConstraint(
                fields=["government", "nip"],
                condition=~Q(nip=""),
                name="employee_nip_once",
                violation_error_message=_("Another employee already has this NIP."),
            ),
            models.CheckConstraint(
                name="employee_nip_shape",
                condition=Q(nip="") | Q(nip__regex=r"^[0-9]{18}$"),
                violation_error_message=_("A NIP has 18 digits."),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="nip_of_nobody_who_assesses_here",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("nip"),
                func=refuse_when("worker"),
            )
        ]

    def __str__(self) -> str:
        return f"employee {self.pk}"


class EmployeePostQuerySet(models.QuerySet["EmployeePost"]):
    def active_on(self, day: date) -> "EmployeePostQuerySet":
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)


@track(exclude=["title"])
class EmployeePost(models.Model):
    """In which unit an employee works for a time; a move ends one and begins the next."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="posts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    title = models.CharField(max_length=150, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    objects = EmployeePostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="employee_post_order",
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                violation_error_message=_("The last day lies before the first day."),
            ),
            models.UniqueConstraint(
                fields=["employee"],
                condition=Q(valid_to=None),
                name="employee_one_open_post",
                violation_error_message=_("This employee already works in a unit."),
            ),
        ]
        indexes = [models.Index(fields=["unit", "valid_from"], name="employee_post_of_unit")]
        triggers: ClassVar = [
            # The roster is one more way of belonging to a unit; old rows may still be ended.
            pgtrigger.Trigger(
                name="nobody_works_where_he_assesses",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=f"""
                IF TG_OP = 'UPDATE' THEN
                    IF NEW.unit_id = OLD.unit_id AND NEW.employee_id = OLD.employee_id
                        AND (OLD.valid_to IS NULL OR OLD.valid_to >= CURRENT_DATE) THEN
                        RETURN NEW;
                    END IF;
                END IF;
                {refuse_when("post")}
                """,
            )
        ]

    def __str__(self) -> str:
        return f"post {self.pk} of employee {self.employee_id} in unit {self.unit_id}"

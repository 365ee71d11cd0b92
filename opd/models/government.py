"""The tenant: a regional government, what it counts, and its yearly standing facts."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from integrity_portal.core.history import track
from integrity_portal.core.models import StoredFile, new_public_id
from opd.enums import FactKey, GovernmentKind, TimeZone, UnitKind


class Government(models.Model):
    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    code = models.CharField(
        max_length=5, unique=True, validators=[RegexValidator(r"^\d{2}(\.\d{2})?$")]
    )
    slug = models.SlugField(max_length=60, unique=True)
    kind = models.CharField(max_length=10, choices=GovernmentKind)
    name = models.CharField(max_length=80, help_text=_("Without the kind: Kediri, Bekasi."))
    address = models.CharField(max_length=200, blank=True)
    time_zone = models.CharField(max_length=20, choices=TimeZone, default=TimeZone.WIB)
    primary_colour = models.CharField(max_length=7, default="#0b4f6c")
    accent_colour = models.CharField(max_length=7, default="#e0a100")
    # The year by which every counted unit is to be declared; empty while none was set.
    zone_target_year = models.PositiveSmallIntegerField(null=True, blank=True)
    # One line in the local language for posters; empty: Indonesian alone.
    poster_line = models.CharField(max_length=160, blank=True)
    is_sample = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="government_slug_has_kind",
                condition=Q(slug__regex=r"^(kota|kab|prov)-[a-z0-9-]+$"),
                violation_error_message=_(
                    "The address begins with kota-, kab- or prov-, then lower-case letters."
                ),
            )
        ]

    def __str__(self) -> str:
        return self.official_name

    @property
    def official_name(self) -> str:
        return f"{GovernmentKind(self.kind).official_prefix} {self.name}"

    @property
    def head_title(self) -> str:
        return GovernmentKind(self.kind).head_title


class UnitKindRule(models.Model):
    """Whether units of a kind count towards "all units", and whether they cover those below."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="kind_rules")
    unit_kind = models.CharField(max_length=20, choices=UnitKind)
    counts = models.BooleanField(default=True)
    covers_below = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["government", "unit_kind"], name="unit_kind_rule_once"),
            models.CheckConstraint(
                name="unit_kind_rule_covers_if_counts",
                condition=Q(covers_below=False) | Q(counts=True),
                violation_error_message=_("Only a kind that counts can cover the units below it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.government_id} {self.unit_kind}"


@track()
class StandingFact(models.Model):
    """One fact of one year about the government (unit empty) or a unit, with its source and proof.

    `in_process`: the assessment of that year still runs; a value then is the last one known.
    """

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="facts")
    unit = models.ForeignKey(
        "opd.Unit",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="facts",
    )
    year = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=20, choices=FactKey)
    value = models.CharField(max_length=20, blank=True)
    in_process = models.BooleanField(default=False)
    source = models.CharField(max_length=200, blank=True)
    proof = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    is_sample = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="standing_fact_has_value",
                condition=~Q(value="") | Q(in_process=True),
                violation_error_message=_("Enter the value, or say that it is being assessed."),
            ),
            models.UniqueConstraint(
                fields=["government", "unit", "year", "key"],
                name="standing_fact_once",
                nulls_distinct=False,
                violation_error_message=_("This fact is already recorded for that year."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.year}"

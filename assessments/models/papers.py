"""Official papers: decrees, letters, statements and reports with a number and a signatory.

A draft is written; a numbered paper is frozen (`content`, its plain `text` and the hash of it);
a signed one stays, and a wrong one is voided with its reason, never removed.
"""

from typing import TYPE_CHECKING, ClassVar

import pgtrigger
from django.db import models
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import ExtractYear, Lower, Replace
from django.utils.translation import gettext_lazy as _

from assessments.enums import PaperKind, PaperState, SignatureMethod
from assessments.models.decrees import NamingDecree
from assessments.models.proposals import Proposal
from assessments.models.teams import WorkTeam
from assessments.models.workplans import branch, own_branch
from assessments.models.zones import IntegrityZone, assessed_units
from integrity_portal.core.history import track
from integrity_portal.core.models import StoredFile
from opd.enums import OfficeStatus, Role
from opd.models import Government, Membership, Unit
from opd.permissions import sees_whole_government
from opd.transitions import TransitionRow

if TYPE_CHECKING:
    from collections.abc import Iterable

# What stands in a numbered paper. Going back to draft is the only way to change it.
FROZEN = (
    "government", "kind", "year", "proposal", "zone", "unit", "team", "replaces", "about",
    "addressee", "place", "blocks", "signatory", "signatory_name", "signatory_title",
    "signatory_status", "signatory_nip", "recommends", "score_enabler", "score_result",
    "number", "dated_on", "content", "text", "text_sha256",
)  # fmt: skip
SIGNED = ("signed_method", "signed_on", "signed_by", "signed_at", "scan")

# `188 / 1 / SK` and `188/1/sk` are one number.
SAME_NUMBER = Lower(Replace("number", Value(" "), Value("")))

UNITS_STAY = """
IF EXISTS (
    SELECT 1 FROM assessments_paper
    WHERE id = COALESCE(NEW.paper_id, OLD.paper_id) AND state <> 'draft'
) THEN
    RAISE EXCEPTION 'paper_units_stay: the text of this paper is frozen'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'paper_units_stay';
END IF;
IF TG_OP = 'DELETE' THEN
    RETURN OLD;
END IF;
RETURN NEW;
"""


def _differs(columns: "Iterable[str]") -> pgtrigger.Q:
    found = pgtrigger.Q()
    for column in columns:
        found |= pgtrigger.Q(**{f"old__{column}__df": pgtrigger.F(f"new__{column}")})
    return found


class PaperQuerySet(models.QuerySet["Paper"]):
    def visible_to(self, membership: Membership) -> "PaperQuerySet":
        """Central roles: all, evaluation reports once they were signed (the inspectorate: always);
        units: what was signed about their branch or a unit that they assess, and their own
        decrees in every state; TPN reviewers: what is signed about their unit."""
        rows = self.filter(government_id=membership.government_id)
        if sees_whole_government(membership):
            if membership.role == Role.INSPECTORATE:
                return rows
            return rows.exclude(kind=PaperKind.LHE, signed_on=None)
        if membership.role == Role.TPN_REVIEWER:
            return rows.concerning(membership).filter(state=PaperState.SIGNED)
        own = Q(kind=PaperKind.SK_TIM_KERJA) & own_branch(membership, "zone__unit")
        return rows.concerning(membership).filter(own | Q(signed_on__isnull=False))

    def concerning(self, membership: Membership) -> "PaperQuerySet":
        """About a unit that this office reads: its own paper, or one that lists it."""
        own_unit = Q(unit__lineage__contains=[membership.unit_id])
        if membership.role == Role.TPN_REVIEWER:
            own_unit = Q(unit=membership.unit_id)
        read = own_unit | Q(unit__in=assessed_units(membership))
        listed = PaperUnit.objects.filter(read, paper=OuterRef("pk"))
        own = Q(zone__isnull=False) & branch(membership, "zone__unit")
        return self.filter(own | Exists(listed))

    def standing(self) -> "PaperQuerySet":
        return self.exclude(state=PaperState.VOIDED)


@track(
    exclude=[
        "about", "addressee", "blocks", "signatory_name", "signatory_nip", "content", "text",
        "void_reason",
    ]
)  # fmt: skip
class Paper(models.Model):
    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=16, choices=PaperKind)
    year = models.PositiveSmallIntegerField()
    state = models.CharField(
        max_length=8, choices=PaperState, default=PaperState.DRAFT, editable=False
    )
    # The subject, by kind: a proposal; or a zone with its unit, of an SK also its team.
    proposal = models.ForeignKey(
        Proposal, null=True, blank=True, on_delete=models.PROTECT, related_name="papers"
    )
    zone = models.ForeignKey(
        IntegrityZone, null=True, blank=True, on_delete=models.PROTECT, related_name="papers"
    )
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="papers"
    )
    team = models.ForeignKey(
        WorkTeam, null=True, blank=True, on_delete=models.PROTECT, related_name="papers"
    )
    replaces = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    about = models.CharField(max_length=300)
    addressee = models.TextField(blank=True)
    place = models.CharField(max_length=80)
    # {code of a block: its lines}; which blocks there are, the kind says (data/papers.yaml).
    blocks = models.JSONField(default=dict)
    # Who signs; an account is only needed for signing in the portal.
    signatory = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    signatory_name = models.CharField(max_length=150, blank=True)
    signatory_title = models.CharField(max_length=150, blank=True)
    signatory_status = models.CharField(
        max_length=10, choices=OfficeStatus, default=OfficeStatus.DEFINITIF
    )
    signatory_nip = models.CharField(max_length=18, blank=True)
    # Of an evaluation report: what it recommends, and the values once there are some.
    recommends = models.BooleanField(null=True, blank=True)
    score_enabler = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    score_result = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    # Given by hand, with the text frozen at that moment.
    number = models.CharField(max_length=80, blank=True)
    dated_on = models.DateField(null=True, blank=True)
    # Empty while it is a draft; a JSON column must not be null twice over.
    content = models.JSONField(default=dict, blank=True)
    text = models.TextField(blank=True)
    text_sha256 = models.CharField(max_length=64, blank=True)
    signed_method = models.CharField(max_length=9, choices=SignatureMethod, blank=True)
    signed_on = models.DateField(null=True, blank=True)
    # The office that signed in the portal, or that recorded the signed page.
    signed_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    signed_at = models.DateTimeField(null=True, blank=True)
    scan = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # What a signed decree of naming became in the register of decrees.
    decree = models.OneToOneField(
        NamingDecree, null=True, blank=True, on_delete=models.PROTECT, related_name="paper"
    )
    void_reason = models.CharField(max_length=400, blank=True)
    version = models.PositiveIntegerField(default=1)
    form_key = models.UUIDField(unique=True)
    created_at = models.DateTimeField()
    is_sample = models.BooleanField(default=False)

    objects: ClassVar[PaperQuerySet] = PaperQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["government", "id"], name="paper_in_government"),
            # The number of a voided paper is not given again; units number their own decrees.
            models.UniqueConstraint(
                "government", "kind", ExtractYear("dated_on"), SAME_NUMBER,
                condition=~Q(number="") & ~Q(kind="sk_tim_kerja"),
                name="paper_number_once",
                violation_error_message=_("This number was already given in that year."),
            ),
            models.UniqueConstraint(
                "unit", "kind", ExtractYear("dated_on"), SAME_NUMBER,
                condition=~Q(number="") & Q(kind="sk_tim_kerja"),
                name="paper_number_once_per_unit",
                violation_error_message=_("This number was already given in that year."),
            ),
            models.UniqueConstraint(
                fields=["proposal", "kind"],
                condition=~Q(state="voided") & Q(proposal__isnull=False),
                name="paper_one_per_proposal",
            ),
            models.UniqueConstraint(
                fields=["team"],
                condition=~Q(state="voided") & Q(team__isnull=False),
                name="paper_one_per_team",
            ),
            models.UniqueConstraint(
                fields=["zone", "year"],
                condition=~Q(state="voided") & Q(kind="lhe"),
                name="paper_one_report_per_year",
            ),
            models.CheckConstraint(
                name="paper_has_its_subject",
                condition=Q(
                    kind="sk_penetapan", proposal=None, zone=None, unit=None, team=None
                )
                | Q(
                    kind__in=["surat_pengajuan", "sptjm"],
                    proposal__isnull=False, zone=None, unit=None, team=None,
                )
                | Q(
                    kind="sk_tim_kerja",
                    proposal=None, zone__isnull=False, unit__isnull=False, team__isnull=False,
                )
                | Q(kind="lhe", proposal=None, zone__isnull=False, unit__isnull=False, team=None),
            ),
            models.CheckConstraint(
                name="paper_only_reports_recommend",
                condition=Q(kind="lhe")
                | Q(recommends=None, score_enabler=None, score_result=None),
            ),
            models.CheckConstraint(
                name="paper_scores_in_range",
                condition=(Q(score_enabler=None) | Q(score_enabler__gte=0, score_enabler__lte=60))
                & (Q(score_result=None) | Q(score_result__gte=0, score_result__lte=40)),
                violation_error_message=_("The value lies outside its range."),
            ),
            models.CheckConstraint(
                name="paper_numbered_is_frozen",
                condition=Q(state="draft", number="", dated_on=None, text="", text_sha256="")
                | Q(state="voided")
                | (
                    Q(state__in=["numbered", "signed"], dated_on__isnull=False)
                    & ~Q(number="") & ~Q(text="") & ~Q(text_sha256="")
                ),
            ),
            models.CheckConstraint(
                name="paper_signed_has_evidence",
                condition=Q(
                    state__in=["draft", "numbered", "voided"],
                    signed_method="", signed_on=None, signed_by=None, signed_at=None,
                    scan=None, decree=None,
                )
                | (
                    Q(state__in=["signed", "voided"], signed_on__isnull=False)
                    & Q(signed_by__isnull=False, signed_at__isnull=False)
                    & (
                        Q(signed_method="portal", scan=None)
                        | Q(signed_method__in=["wet", "certified"], scan__isnull=False)
                    )
                ),
                violation_error_message=_("The evidence does not fit the way of signing."),
            ),
            models.CheckConstraint(
                name="paper_voided_has_reason",
                condition=(Q(state="voided") & ~Q(void_reason=""))
                | (~Q(state="voided") & Q(void_reason="")),
                violation_error_message=_("Write why the paper is void."),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["government", "year", "kind"], name="paper_by_year"),
        ]
        triggers = [
            pgtrigger.Protect(name="paper_not_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="paper_frozen_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__in=["numbered", "signed", "voided"])
                & _differs(FROZEN)
                & ~(pgtrigger.Q(old__state="numbered") & pgtrigger.Q(new__state="draft")),
            ),
            # Signed: it can still be voided, and nothing else. A void paper stays as it is.
            pgtrigger.Protect(
                name="paper_signed_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state="signed")
                & (
                    pgtrigger.Q(new__state__in=["draft", "numbered"])
                    | _differs(SIGNED)
                    # Its decree is written once, when it follows from the signature.
                    | (pgtrigger.Q(old__decree__isnull=False) & _differs(["decree"]))
                ),
            ),
            pgtrigger.Protect(
                name="paper_void_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state="voided"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} ({self.state})"

    @property
    def year_text(self) -> str:
        return str(self.year)

    @property
    def state_tone(self) -> str:
        return PaperState(self.state).tone

    @property
    def printed_title(self) -> str:
        """`Plt. Kepala Dinas …`; a definitive office has no prefix."""
        if self.signatory_status == OfficeStatus.DEFINITIF:
            return self.signatory_title
        return f"{OfficeStatus(self.signatory_status).label} {self.signatory_title}"


class PaperStep(TransitionRow):
    subject = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="steps")

    class Meta(TransitionRow.Meta):
        pass


class PaperUnit(models.Model):
    """A unit that a paper lists: chosen for a decree, taken from the proposal for its letters."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="units")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="listed_in_papers")
    position = models.PositiveSmallIntegerField()
    printed_name = models.CharField(max_length=150)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["paper", "unit"], name="paper_unit_once"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="paper_units_stay",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=UNITS_STAY,
            )
        ]

    def __str__(self) -> str:
        return f"paper {self.paper_id}: unit {self.unit_id}"

"""Closed vocabularies of zones, declarations and work plans."""

from django.db import models
from django.utils.translation import pgettext_lazy


class Predicate(models.TextChoices):
    """National predicates; official names, not translated."""

    WBK = "wbk", "WBK"
    WBBM = "wbbm", "WBBM"


class DeclarationScope(models.TextChoices):
    JOINT = "joint", pgettext_lazy("declaration scope", "Joint, several units")
    OWN = "own", pgettext_lazy("declaration scope", "One unit's own")


class DeclarationState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("declaration state", "Draft")
    OPEN = "open", pgettext_lazy("declaration state", "Open for signing")
    CLOSED = "closed", pgettext_lazy("declaration state", "Closed")
    DISCARDED = "discarded", pgettext_lazy("declaration state", "Discarded")


class SignatureMethod(models.TextChoices):
    """How a signature was given; a portal signature is never called certified."""

    WET = "wet", pgettext_lazy("signature method", "Wet ink")
    PORTAL = "portal", pgettext_lazy("signature method", "In the portal, not certified")
    CERTIFIED = "certified", pgettext_lazy("signature method", "Certified PDF")


class AttendeeKind(models.TextChoices):
    WITNESS = "witness", pgettext_lazy("attendee", "Witness")
    PRESENT = "present", pgettext_lazy("attendee", "Present")


class ZoneStage(models.TextChoices):
    """The road of a unit (PermenPANRB 90/2021; stages after building are walked in the journey)."""

    COMMITTED = "committed", pgettext_lazy("zone stage", "Committed")
    DECLARED = "declared", pgettext_lazy("zone stage", "Declared")
    NAMED = "named", pgettext_lazy("zone stage", "Named to build")
    BUILDING = "building", pgettext_lazy("zone stage", "Building")
    PROPOSED = "proposed", pgettext_lazy("zone stage", "Proposed")
    NATIONAL_REVIEW = "national_review", pgettext_lazy("zone stage", "National review")
    DECIDED = "decided", pgettext_lazy("zone stage", "Decided")


class ProposalState(models.TextChoices):
    """Of the one proposal (pengusulan) of a year: gathered, then sent to the ministry."""

    DRAFT = "draft", pgettext_lazy("proposal state", "Being prepared")
    SENT = "sent", pgettext_lazy("proposal state", "Sent")
    DISCARDED = "discarded", pgettext_lazy("proposal state", "Discarded")


class AttemptOutcome(models.TextChoices):
    """What became of one attempt of a zone; kept for ever, also when the unit builds again."""

    PENDING = "pending", pgettext_lazy("attempt", "Not decided yet")
    AWARDED = "awarded", pgettext_lazy("attempt", "Awarded")
    NOT_AWARDED = "not_awarded", pgettext_lazy("attempt", "Not awarded")
    DROPPED = "dropped", pgettext_lazy("attempt", "Dropped before the decision")

    @property
    def tone(self) -> str:
        return {"awarded": "good", "not_awarded": "bad", "dropped": "warn"}.get(self.value, "info")


class PredicateState(models.TextChoices):
    ACTIVE = "active", pgettext_lazy("predicate state", "In force")
    WATCHED = "watched", pgettext_lazy("predicate state", "Under special monitoring")
    REVOKED = "revoked", pgettext_lazy("predicate state", "Revoked")
    VOID = "void", pgettext_lazy("predicate state", "Recorded in error")

    @property
    def tone(self) -> str:
        return {"active": "good", "watched": "warn", "revoked": "bad"}.get(self.value, "info")


class CheckAnswer(models.TextChoices):
    """Of one point of the monitoring checklist of a predicate."""

    GOOD = "good", pgettext_lazy("monitoring answer", "In order")
    CONCERN = "concern", pgettext_lazy("monitoring answer", "Needs attention")
    UNKNOWN = "unknown", pgettext_lazy("monitoring answer", "Not examined")


class AreaOfChange(models.TextChoices):
    """The six enabler areas of PermenPANRB 90/2021; official names, not translated."""

    MANAJEMEN_PERUBAHAN = "1", "Manajemen Perubahan"
    TATALAKSANA = "2", "Penataan Tatalaksana"
    SDM = "3", "Penataan Sistem Manajemen SDM Aparatur"
    AKUNTABILITAS = "4", "Penguatan Akuntabilitas"
    PENGAWASAN = "5", "Penguatan Pengawasan"
    PELAYANAN = "6", "Peningkatan Kualitas Pelayanan Publik"


class ActivityState(models.TextChoices):
    """A planned activity of a work plan; dropped ones stay readable, with their reason."""

    PLANNED = "planned", pgettext_lazy("activity state", "Planned")
    ACTIVE = "active", pgettext_lazy("activity state", "Under way")
    DROPPED = "dropped", pgettext_lazy("activity state", "Dropped")


class ReportState(models.TextChoices):
    """A progress report on its way from the operator to the head of the unit."""

    DRAFT = "draft", pgettext_lazy("report state", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("report state", "Sent to the head")
    CONFIRMED = "confirmed", pgettext_lazy("report state", "Confirmed")
    RETURNED = "returned", pgettext_lazy("report state", "Returned")

    @property
    def label_for_head(self) -> str:
        """The head reads what he has to do, the others what became of it."""
        if self is ReportState.SUBMITTED:
            return str(pgettext_lazy("report state", "Waits for your confirmation"))
        return str(self.label)

    @property
    def tone(self) -> str:
        return {"confirmed": "good", "returned": "bad", "submitted": "warn"}.get(self.value, "info")


class WhoseMove(models.TextChoices):
    """Who has to act next on an activity."""

    OPERATOR = "operator", pgettext_lazy("whose move", "Operator")
    HEAD = "head", pgettext_lazy("whose move", "Head of unit")
    NOBODY = "nobody", pgettext_lazy("whose move", "Nobody: finished")


class Light(models.TextChoices):
    """How an activity stands; always a word with its shape, never colour alone."""

    DONE = "done", pgettext_lazy("activity light", "Finished")
    ON_TIME = "on_time", pgettext_lazy("activity light", "On schedule")
    DUE_SOON = "due_soon", pgettext_lazy("activity light", "Due soon")
    WAITING = "waiting", pgettext_lazy("activity light", "Waits for the head")
    RETURNED = "returned", pgettext_lazy("activity light", "Returned, please correct")
    LATE = "late", pgettext_lazy("activity light", "Late")
    DROPPED = "dropped", pgettext_lazy("activity light", "Dropped")

    @property
    def tone(self) -> str:
        tones = {"done": "good", "on_time": "good", "late": "bad", "dropped": "info"}
        return tones.get(self.value, "warn")


class TeamFunction(models.TextChoices):
    """Places in a work team (tim kerja ZI); official words, not translated."""

    PENANGGUNG_JAWAB = "penanggung_jawab", "Penanggung jawab"
    KETUA = "ketua", "Ketua"
    SEKRETARIS = "sekretaris", "Sekretaris"
    KOORDINATOR = "koordinator", "Koordinator pokja"
    ANGGOTA = "anggota", "Anggota pokja"
    AGEN = "agen", "Agen perubahan"

    @property
    def is_of_pokja(self) -> bool:
        return self.value in ("koordinator", "anggota")


class PaperKind(models.TextChoices):
    """Official papers of the road to a predicate; official names, not translated."""

    SK_PENETAPAN = "sk_penetapan", "SK penetapan unit kerja"
    SK_TIM_KERJA = "sk_tim_kerja", "SK tim kerja"
    LHE = "lhe", "Laporan Hasil Evaluasi (LHE)"
    SURAT_PENGAJUAN = "surat_pengajuan", "Surat pengajuan evaluasi"
    SPTJM = "sptjm", "SPTJM"


class PaperState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("paper state", "Draft")
    NUMBERED = "numbered", pgettext_lazy("paper state", "Numbered, to be signed")
    SIGNED = "signed", pgettext_lazy("paper state", "Signed")
    VOIDED = "voided", pgettext_lazy("paper state", "Void")

    @property
    def tone(self) -> str:
        return {"signed": "good", "numbered": "warn", "voided": "bad"}.get(self.value, "info")


# Preparation, phases and pilots.

# Stages at which a unit's work plan has taken over from its preparation.
PAST_PREPARATION = frozenset(
    {ZoneStage.BUILDING, ZoneStage.PROPOSED, ZoneStage.NATIONAL_REVIEW, ZoneStage.DECIDED}
)


class PreparationState(models.TextChoices):
    """How far a step of the checklist is; only `done` counts."""

    NOT_STARTED = "not_started", pgettext_lazy("preparation step", "Not started")
    IN_PROGRESS = "in_progress", pgettext_lazy("preparation step", "In progress")
    DONE = "done", pgettext_lazy("preparation step", "Done")

    @property
    def tone(self) -> str:
        return {"done": "good", "in_progress": "warn"}.get(self.value, "info")


class PilotRoundState(models.TextChoices):
    """Of one choice of pilots: scored, then decided for ever; or thrown away."""

    OPEN = "open", pgettext_lazy("pilot round", "Being scored")
    DECIDED = "decided", pgettext_lazy("pilot round", "Decided")
    DISCARDED = "discarded", pgettext_lazy("pilot round", "Discarded")

    @property
    def tone(self) -> str:
        return {"decided": "good", "open": "warn"}.get(self.value, "info")


class MonevPeriod(models.TextChoices):
    """When a year's work plan is looked at; codes as units write them, not translated."""

    B03 = "B03", "B03"
    B06 = "B06", "B06"
    B09 = "B09", "B09"
    B12 = "B12", "B12"


class PeriodState(models.TextChoices):
    """How one period of one work plan stands; derived, never stored."""

    NOT_YET = "not_yet", pgettext_lazy("monev period", "Not yet")
    OPEN = "open", pgettext_lazy("monev period", "Can be frozen now")
    FROZEN = "frozen", pgettext_lazy("monev period", "Frozen")
    FROZEN_LATE = "frozen_late", pgettext_lazy("monev period", "Frozen late")
    MISSING = "missing", pgettext_lazy("monev period", "Not frozen")
    BEFORE = "before", pgettext_lazy("monev period", "Before the zone began")

    @property
    def tone(self) -> str:
        tones = {"frozen": "good", "open": "warn", "frozen_late": "warn", "missing": "bad"}
        return tones.get(self.value, "info")


class Move(models.TextChoices):
    """What became of an activity from one frozen period to another."""

    FORWARD = "forward", pgettext_lazy("monev comparison", "Moved forward")
    FINISHED = "finished", pgettext_lazy("monev comparison", "Finished since")
    STILL = "still", pgettext_lazy("monev comparison", "Did not move")
    COMPLETE = "complete", pgettext_lazy("monev comparison", "Was finished before")
    BACK = "back", pgettext_lazy("monev comparison", "Went back")
    ADDED = "added", pgettext_lazy("monev comparison", "Added since")
    DROPPED = "dropped", pgettext_lazy("monev comparison", "Dropped since")
    GONE = "gone", pgettext_lazy("monev comparison", "Dropped before")

    @property
    def tone(self) -> str:
        tones = {"forward": "good", "finished": "good", "complete": "good", "still": "warn"}
        return {**tones, "back": "bad"}.get(self.value, "info")


class MeetingState(models.TextChoices):
    """Of a monev meeting: written down, then settled by the head."""

    DRAFT = "draft", pgettext_lazy("monev meeting", "Being written")
    SETTLED = "settled", pgettext_lazy("monev meeting", "Settled")


class Presence(models.TextChoices):
    ATTENDED = "attended", pgettext_lazy("monev attendance", "Attended")
    REPRESENTED = "represented", pgettext_lazy("monev attendance", "Represented")


class FollowUpState(models.TextChoices):
    """Of what a monev meeting wants done: reported by the unit, verified by its head."""

    OPEN = "open", pgettext_lazy("follow-up", "Open")
    DONE = "done", pgettext_lazy("follow-up", "Done, waits for the head")
    VERIFIED = "verified", pgettext_lazy("follow-up", "Verified")

    @property
    def tone(self) -> str:
        return {"verified": "good", "done": "warn"}.get(self.value, "info")


class PaperVariant(models.TextChoices):
    """The four papers of a monev meeting (evidence of LKE 1.iii); official nouns."""

    REPORT = "report", "Laporan Monev"
    MINUTES = "minutes", "Notulen"
    ATTENDANCE = "attendance", "Daftar Hadir"
    MATRIX = "matrix", "Matriks Tindak Lanjut"


class AssessorTeam(models.TextChoices):
    """Official names, not translated."""

    TPI = "tpi", "TPI"
    TPN = "tpn", "TPN"


class EventKind(models.TextChoices):
    DESK = "desk", pgettext_lazy("assessment event", "Desk evaluation")
    FIELD = "field", pgettext_lazy("assessment event", "Field evaluation or mystery visit")
    SURVEY = "survey", pgettext_lazy("assessment event", "Survey window")
    PANEL = "panel", pgettext_lazy("assessment event", "Panel")
    PRESENTATION = "presentation", pgettext_lazy("assessment event", "Presentation")


class EventState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("assessment event state", "Planned")
    HELD = "held", pgettext_lazy("assessment event state", "Held")
    CANCELLED = "cancelled", pgettext_lazy("assessment event state", "Cancelled")

    @property
    def tone(self) -> str:
        return {"held": "good", "planned": "warn"}.get(self.value, "info")


class QuestionState(models.TextChoices):
    OPEN = "open", pgettext_lazy("assessor's question", "Waits for an answer")
    ANSWERED = "answered", pgettext_lazy("assessor's question", "Answered")

    @property
    def tone(self) -> str:
        return "good" if self is QuestionState.ANSWERED else "warn"


class RecommendationState(models.TextChoices):
    """Of what TPI or TPN recommend: the unit reports, an assessor closes or returns."""

    OPEN = "open", pgettext_lazy("recommendation", "Open")
    FOLLOWED_UP = "followed_up", pgettext_lazy("recommendation", "Followed up, waits for assessor")
    RETURNED = "returned", pgettext_lazy("recommendation", "Returned")
    CLOSED = "closed", pgettext_lazy("recommendation", "Closed")

    @property
    def tone(self) -> str:
        return {"closed": "good", "followed_up": "warn", "returned": "bad"}.get(self.value, "info")


class ReplyState(models.TextChoices):
    SENT = "sent", pgettext_lazy("reply to a recommendation", "Waits for the assessor")
    ACCEPTED = "accepted", pgettext_lazy("reply to a recommendation", "Accepted")
    RETURNED = "returned", pgettext_lazy("reply to a recommendation", "Returned")

    @property
    def tone(self) -> str:
        return {"accepted": "good", "returned": "bad"}.get(self.value, "warn")


# --- pakta integritas ---


class PactWording(models.TextChoices):
    """Which text is signed: a head of unit promises more than an employee."""

    HEAD = "head", pgettext_lazy("integrity pact", "Head of unit")
    EMPLOYEE = "employee", pgettext_lazy("integrity pact", "Employee")


class PactMethod(models.TextChoices):
    WET = "wet", pgettext_lazy("signature method", "Wet ink")
    PORTAL = "portal", pgettext_lazy("signature method", "In the portal, not certified")

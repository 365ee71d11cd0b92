"""Closed vocabularies of the registry and of people."""

from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _, pgettext_lazy


class GovernmentKind(models.TextChoices):
    PROVINCE = "province", _("Province")
    REGENCY = "regency", _("Regency (kabupaten)")
    CITY = "city", _("City (kota)")

    @property
    def head_title(self) -> str:
        """The official title of the regional head; not translated."""
        return {"province": "Gubernur", "regency": "Bupati", "city": "Wali Kota"}[self.value]

    @property
    def official_prefix(self) -> str:
        return {"province": "Provinsi", "regency": "Kabupaten", "city": "Kota"}[self.value]


class TimeZone(models.TextChoices):
    WIB = "Asia/Jakarta", "WIB"
    WITA = "Asia/Makassar", "WITA"
    WIT = "Asia/Jayapura", "WIT"


class UnitKind(models.TextChoices):
    """Kinds of unit under PP 18/2016; official nouns, not translated."""

    SEKRETARIAT_DAERAH = "sekretariat_daerah", "Sekretariat Daerah"
    BAGIAN = "bagian", "Bagian"
    SEKRETARIAT_DPRD = "sekretariat_dprd", "Sekretariat DPRD"
    INSPEKTORAT = "inspektorat", "Inspektorat"
    DINAS = "dinas", "Dinas"
    BADAN = "badan", "Badan"
    SATPOL_PP = "satpol_pp", "Satpol PP"
    KECAMATAN = "kecamatan", "Kecamatan"
    KELURAHAN = "kelurahan", "Kelurahan"
    RSUD = "rsud", "RSUD"
    PUSKESMAS = "puskesmas", "Puskesmas"
    UPTD = "uptd", "UPTD"
    SEKOLAH = "sekolah", "Sekolah"


# Kinds under which nothing hangs; not offered as the unit above.
LEAF_KINDS = frozenset({UnitKind.KELURAHAN, UnitKind.SEKOLAH})


# Deeper trees are mistakes of a list, not organisations.
MOST_LEVELS = 8


class SuccessionKind(models.TextChoices):
    MERGED = "merged", pgettext_lazy("unit history", "merged into")
    SPLIT = "split", pgettext_lazy("unit history", "split into")


class ServiceChannel(models.TextChoices):
    COUNTER = "counter", pgettext_lazy("service channel", "At the counter")
    HYBRID = "hybrid", pgettext_lazy("service channel", "Counter and online")
    ONLINE = "online", pgettext_lazy("service channel", "Online")


class FactKey(models.TextChoices):
    """Standing facts per year of a government or a unit (PermenPANRB 5/2024, table 5)."""

    BPK_OPINION = "bpk_opinion", _("BPK opinion")
    SAKIP = "sakip", _("SAKIP predicate")
    RB_INDEX = "rb_index", _("Bureaucratic reform index")
    SPIP_LEVEL = "spip_level", _("SPIP maturity level")
    LHKPN_PERCENT = "lhkpn_percent", _("LHKPN reported (%)")
    LHKAN_PERCENT = "lhkan_percent", _("LHKAN reported (%)")
    TLHP_PERCENT = "tlhp_percent", _("Audit findings followed up (%)")
    CORE_SERVICE = "core_service", _("Runs a core service of the government")
    PUBLIC_PERCEPTION = "public_perception", _("Weighs heavily on how people see the bureaucracy")


class ImportState(models.TextChoices):
    """Of an uploaded list of units: shown, then written once or thrown away."""

    PENDING = "pending", pgettext_lazy("import of units", "Waiting for confirmation")
    APPLIED = "applied", pgettext_lazy("import of units", "Written")
    DISCARDED = "discarded", pgettext_lazy("import of units", "Thrown away")


class ImportSubject(models.TextChoices):
    """What an uploaded list is about."""

    UNITS = "units", _("Units")
    PLACES = "places", _("Places")


class Role(models.TextChoices):
    MAYOR = "mayor", _("Regional head")
    SEKDA = "sekda", _("Regional secretary (Sekda)")
    ZI_SECRETARIAT = "zi_secretariat", _("ZI secretariat")
    PLANNER = "planner", _("Planner")
    INSPECTORATE = "inspectorate", _("Inspectorate")
    COMPLAINT_COORDINATOR = "complaint_coordinator", _("Complaint coordinator")
    LIAISON_OFFICER = "liaison_officer", _("Liaison officer")
    OPD_HEAD = "opd_head", _("Head of unit")
    OPD_OPERATOR = "opd_operator", _("Unit operator")
    IT_TEAM = "it_team", _("IT team")
    TPN_REVIEWER = "tpn_reviewer", _("TPN reviewer")
    ADMINISTRATOR = "administrator", _("Administrator")

    def label_in(self, government_kind: str) -> str:
        """The role's name; the regional head by the government's kind: Wali Kota, Bupati…"""
        if self is Role.MAYOR:
            return GovernmentKind(government_kind).head_title
        return str(self.label)


# Roles that see the whole government; the others see their unit and what lies below it.
GOVERNMENT_ROLES = frozenset(
    {
        Role.MAYOR,
        Role.SEKDA,
        Role.ZI_SECRETARIAT,
        Role.PLANNER,
        Role.INSPECTORATE,
        Role.COMPLAINT_COORDINATOR,
        Role.IT_TEAM,
    }
)
# What the administrator of a unit may give in his branch.
BRANCH_ROLES = frozenset({Role.OPD_HEAD, Role.OPD_OPERATOR, Role.LIAISON_OFFICER})
UNIT_ROLES = frozenset({Role.OPD_HEAD, Role.OPD_OPERATOR, Role.LIAISON_OFFICER, Role.TPN_REVIEWER})


class Seat(NamedTuple):
    """The units in which the holders of a role for the whole government work.

    `words` is a pattern of the official or short name, for PostgreSQL (`~*`), where the kind alone
    does not tell; empty: every unit of the kind.
    """

    kind: UnitKind
    words: str = ""


# Bappeda is called Bappelitbangda, Bapperida, Barenlitbang... elsewhere; Bapenda is another one.
SEATS: dict[Role, Seat] = {
    Role.INSPECTORATE: Seat(UnitKind.INSPEKTORAT),
    Role.PLANNER: Seat(UnitKind.BADAN, "perencanaan|bapp?e(da|ko|li|ri|rl)|renlitbang"),
    Role.ZI_SECRETARIAT: Seat(UnitKind.BAGIAN, "organisasi"),
    Role.SEKDA: Seat(UnitKind.SEKRETARIAT_DAERAH),
}


class OfficeStatus(models.TextChoices):
    """How an office is held; prefixes are printed before the title."""

    DEFINITIF = "definitif", "Definitif"
    PJ = "pj", "Pj."
    PLT = "plt", "Plt."
    PLH = "plh", "Plh."


class IdentifierKind(models.TextChoices):
    NIP = "nip", "NIP"
    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Mobile number")


class InvitationState(models.TextChoices):
    OPEN = "open", pgettext_lazy("invitation", "Waiting for an answer")
    ACCEPTED = "accepted", pgettext_lazy("invitation", "Accepted")
    WITHDRAWN = "withdrawn", pgettext_lazy("invitation", "Withdrawn")
    EXPIRED = "expired", pgettext_lazy("invitation", "Expired")


class FactorRemoval(models.TextChoices):
    """Why an administrator takes a person's second factor away."""

    LOST = "lost", _("The phone or key is lost")
    BROKEN = "broken", _("The phone or key is broken")
    REPLACED = "replaced", _("The person has a new phone and no recovery codes")
    STOLEN = "stolen", _("The phone or key was stolen")


# --- services, innovations, employees, TPI ---


class VolumeChannel(models.TextChoices):
    """How an applicant really came; a service with both ways has a number for each."""

    COUNTER = "counter", pgettext_lazy("service channel", "At the counter")
    ONLINE = "online", pgettext_lazy("service channel", "Online")


class ServiceLineKind(models.TextChoices):
    REQUIREMENT = "requirement", pgettext_lazy("service standard", "Requirement")
    STEP = "step", pgettext_lazy("service standard", "Step")


class TimeUnit(models.TextChoices):
    HOURS = "hours", pgettext_lazy("service time", "hours")
    WORKING_DAYS = "working_days", pgettext_lazy("service time", "working days")
    DAYS = "days", pgettext_lazy("service time", "days")


class FeeKind(models.TextChoices):
    FREE = "free", pgettext_lazy("service fee", "Free of charge")
    AMOUNT = "amount", pgettext_lazy("service fee", "With a fee")


class InnovationArea(models.TextChoices):
    """The six areas of change, as `assessments.enums.AreaOfChange` has them; not translated."""

    MANAJEMEN_PERUBAHAN = "1", "Manajemen Perubahan"
    TATALAKSANA = "2", "Penataan Tatalaksana"
    SDM = "3", "Penataan Sistem Manajemen SDM Aparatur"
    AKUNTABILITAS = "4", "Penguatan Akuntabilitas"
    PENGAWASAN = "5", "Penguatan Pengawasan"
    PELAYANAN = "6", "Peningkatan Kualitas Pelayanan Publik"


class InnovationState(models.TextChoices):
    RUNNING = "running", pgettext_lazy("innovation", "Running")
    STOPPED = "stopped", pgettext_lazy("innovation", "Stopped")


class TpiFunction(models.TextChoices):
    """Functions in the internal assessment team; official nouns, not translated."""

    PENANGGUNG_JAWAB = "penanggung_jawab", "Penanggung jawab"
    DALNIS = "dalnis", "Pengendali teknis (dalnis)"
    KETUA = "ketua", "Ketua tim"
    ANGGOTA = "anggota", "Anggota"


# --- calendar, inbox, directives, promises ---


class Confidence(models.TextChoices):
    """How sure a date of the ZI year is, as the research behind it says."""

    VERIFIED = "verified", pgettext_lazy("calendar", "from the regulation")
    OBSERVED = "observed", pgettext_lazy("calendar", "seen in practice")
    USUAL = "usual", pgettext_lazy("calendar", "usual, not confirmed")


class MessageChannel(models.TextChoices):
    """How an outgoing letter travels."""

    MAIL = "mail", _("E-mail")
    WHATSAPP = "whatsapp", "WhatsApp"


class MessageWish(models.TextChoices):
    """What a person wants to get besides the inbox."""

    AUTO = "auto", _("WhatsApp where my number is known, otherwise e-mail")
    WHATSAPP = "whatsapp", _("Only WhatsApp")
    MAIL = "mail", _("Only e-mail")
    NONE = "none", _("Nothing: I read the inbox myself")


class DirectiveState(models.TextChoices):
    GIVEN = "given", pgettext_lazy("directive", "Given")
    ACKNOWLEDGED = "acknowledged", pgettext_lazy("directive", "Being carried out")
    REPORTED = "reported", pgettext_lazy("directive", "Reported as done")
    RETURNED = "returned", pgettext_lazy("directive", "Returned")
    FINISHED = "finished", pgettext_lazy("directive", "Finished")
    WITHDRAWN = "withdrawn", pgettext_lazy("directive", "Withdrawn")


DIRECTIVE_ENDED = frozenset({DirectiveState.FINISHED, DirectiveState.WITHDRAWN})
DIRECTIVE_OPEN = frozenset(set(DirectiveState) - DIRECTIVE_ENDED)


class PromiseState(models.TextChoices):
    OPEN = "open", pgettext_lazy("promise", "Not yet due or not yet judged")
    KEPT = "kept", pgettext_lazy("promise", "Kept")
    BROKEN = "broken", pgettext_lazy("promise", "Not kept")


class PlaceKind(models.TextChoices):
    """Where a poster can hang; not a unit of the government."""

    SCHOOL = "school", pgettext_lazy("place kind", "School")
    HEALTH = "health", pgettext_lazy("place kind", "Health centre or hospital")
    OFFICE = "office", pgettext_lazy("place kind", "Office or counter")
    VILLAGE = "village", pgettext_lazy("place kind", "Kelurahan or village hall")
    MARKET = "market", pgettext_lazy("place kind", "Market or terminal")
    WORSHIP = "worship", pgettext_lazy("place kind", "Place of worship")
    OTHER = "other", pgettext_lazy("place kind", "Other place")


class PosterState(models.TextChoices):
    """Of one printed sheet, from its PDF to the wall and off it."""

    MADE = "made", pgettext_lazy("poster", "To be printed")
    PRINTED = "printed", pgettext_lazy("poster", "Printed, not posted yet")
    POSTED = "posted", pgettext_lazy("poster", "Posted")
    GONE = "gone", pgettext_lazy("poster", "Missing or damaged")
    REPLACED = "replaced", pgettext_lazy("poster", "Replaced by a newer one")

    @property
    def tone(self) -> str:
        return {"posted": "good", "gone": "bad", "replaced": "info"}.get(self.value, "warn")


# What somebody still has to carry to a wall.
POSTER_WAITS = frozenset({PosterState.MADE, PosterState.PRINTED})


class CheckResult(models.TextChoices):
    """What somebody saw who went back to a poster."""

    OK = "ok", pgettext_lazy("poster check", "It hangs there, readable and untouched")
    MISSING = "missing", pgettext_lazy("poster check", "It is gone or cannot be read")
    STICKERED = "stickered", pgettext_lazy("poster check", "A sticker covers the code")
    REPLACED = "replaced", pgettext_lazy("poster check", "I hung a new copy in its place")

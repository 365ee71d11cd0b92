"""Signing a paper: in the portal, or recorded from ink or a certified PDF; what follows from it.

There is one door to the stage "named": a signed decree of naming goes through `register_decree`.
"""

from datetime import date, datetime
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.actions.decrees import register_decree
from assessments.actions.papers import WrongDay
from assessments.actions.teams import seal_team
from assessments.enums import PaperKind, SignatureMethod
from assessments.locking import held_paper, kept_paper
from assessments.models import Paper
from assessments.pdf_signatures import holds_signature
from assessments.permissions import may_keep_paper, may_sign_paper
from assessments.queries import paper_gaps, papers as queries
from assessments.workflow import PAPER
from integrity_portal.core import files
from integrity_portal.core.formatting import date_id
from integrity_portal.core.models import StoredFile
from opd.models import Membership
from opd.transitions import StepRefused, perform


@transaction.atomic
def sign_paper(*, paper: Paper, text_sha256: str, by: Membership, now: datetime) -> Paper:
    """By the very office that stands under the paper, over the text whose hash the page showed.

    It is recorded who signed what and when; it is no certified electronic signature.
    """
    row = held_paper(paper, by)
    if not may_sign_paper(by, row):
        raise StepRefused(_("Only the person who holds this office signs here."))
    own = paper_gaps.four_eyes(row, by)
    if own:
        raise StepRefused(own[0].sentence)
    if text_sha256 != row.text_sha256:
        raise StepRefused(_("The text has changed since you opened it. Read it again, then sign."))
    values: dict[str, Any] = {
        "signed_method": SignatureMethod.PORTAL,
        "signed_on": timezone.localdate(now),
        "signed_by": by,
        "signed_at": now,
    }
    return perform(
        PAPER, "sign", row, by=by, now=now, may=may_sign_paper, checks=queries.checks(),
        effects={"follow": _follow}, values=values,
    )  # fmt: skip


@transaction.atomic
def record_signed_paper(
    *,
    paper: Paper,
    method: str,
    signed_on: date,
    scan: StoredFile,
    by: Membership,
    now: datetime,
) -> Paper:
    """The scan of the page signed in ink, or the PDF that holds an electronic signature.

    Four eyes as in the portal: of a report somebody else than who wrote or numbered it.
    """
    row = kept_paper(paper, by)
    own = paper_gaps.four_eyes(row, by, "record")
    if own:
        raise StepRefused(own[0].sentence)
    _refuse_day(row, signed_on, now)
    if method == SignatureMethod.CERTIFIED:
        with default_storage.open(scan.key) as content:
            if not holds_signature(content):
                raise StepRefused(_("This PDF holds no electronic signature."))
    values: dict[str, Any] = {
        "signed_method": method,
        "signed_on": signed_on,
        "signed_by": by,
        "signed_at": now,
        "scan": scan,
    }
    files.keep(scan)
    return perform(
        PAPER, "record", row, by=by, now=now, may=may_keep_paper, checks=queries.checks(),
        effects={"follow": _follow}, values=values,
    )  # fmt: skip


def _refuse_day(paper: Paper, day: date, now: datetime) -> None:
    if day > timezone.localdate(now):
        raise WrongDay(_("The day of signing lies in the future."))
    if paper.dated_on is not None and day < paper.dated_on:
        raise WrongDay(
            _("The paper is dated %(day)s; it was not signed before that day.")
            % {"day": date_id(paper.dated_on)}
        )


def _follow(paper: Paper, by: Membership | None, now: datetime) -> None:
    """What a signature makes true: units are named, a team stands."""
    if by is None or paper.dated_on is None:
        return
    if paper.kind == PaperKind.SK_PENETAPAN:
        paper.decree = register_decree(
            number=paper.number,
            decided_on=paper.dated_on,
            unit_ids=list(paper.units.order_by("position").values_list("unit_id", flat=True)),
            title=paper.about[:200],
            scan=paper.scan,
            by=by,
            now=now,
            signed=paper,
        )
        paper.save(update_fields=["decree"])
    if paper.team is not None:
        seal_team(team=paper.team, by=by, now=now)

"""Who sees which declaration."""

from datetime import UTC, datetime
from typing import Any

import pytest

from assessments.actions.declarations import (
    take_step,
)
from assessments.models import Declaration, DeclarationUnit
from assessments.queries.declarations import declaration_of
from assessments.tests.factories import (
    DeclarationFactory,
)
from opd.enums import Role

NOW = datetime(2026, 6, 1, 3, tzinfo=UTC)
pytestmark = pytest.mark.django_db


class TestWhoSees:
    def test_drafts_are_for_central_roles(self, cast: Any, draft: Declaration) -> None:
        seen = {role for role in Role.values if declaration_of(cast[role], draft.pk)}
        assert seen == set(Role.values) - {
            Role.OPD_HEAD,
            Role.OPD_OPERATOR,
            Role.LIAISON_OFFICER,
            Role.TPN_REVIEWER,
        }

    def test_reviewers_see_only_acts_of_their_branch(self, cast: Any) -> None:
        reviewer = cast[Role.TPN_REVIEWER]
        own, below, other = (DeclarationFactory(government=cast.home, closed=True) for _ in "abc")
        for act, unit in ((own, cast.unit), (below, cast.below), (other, cast.other_unit)):
            DeclarationUnit.objects.create(
                government=cast.home, declaration=act, unit=unit, position=1, printed_name="x"
            )
        assert declaration_of(reviewer, own.pk)
        assert declaration_of(reviewer, below.pk)
        assert declaration_of(reviewer, other.pk) is None
        assert declaration_of(cast[Role.OPD_OPERATOR], other.pk)

    def test_another_government_sees_nothing(self, cast: Any) -> None:
        act = DeclarationFactory(government=cast.home, closed=True)
        assert not any(declaration_of(m, act.pk) for m in cast.away_offices.values())

    def test_a_discarded_draft_is_gone(self, cast: Any, boss: Any, draft: Declaration) -> None:
        take_step(declaration=draft, name="discard", by=boss, now=NOW)
        assert declaration_of(boss, draft.pk) is None

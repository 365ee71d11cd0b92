from datetime import UTC, datetime, timedelta

import pytest

from integrity_portal.core.models import RateCount
from integrity_portal.core.ratelimit import TooManyRequests, hit

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
WINDOW = timedelta(minutes=10)


def test_the_limit_holds_per_identity_and_window() -> None:
    for _ in range(3):
        hit("track", "10.0.0.1", limit=3, window=WINDOW, now=NOW)
    with pytest.raises(TooManyRequests) as refused:
        hit("track", "10.0.0.1", limit=3, window=WINDOW, now=NOW)
    assert timedelta(0) < refused.value.retry_after <= WINDOW
    hit("track", "10.0.0.2", limit=3, window=WINDOW, now=NOW)
    hit("file", "10.0.0.1", limit=3, window=WINDOW, now=NOW)
    hit("track", "10.0.0.1", limit=3, window=WINDOW, now=NOW + WINDOW)


def test_no_address_is_stored() -> None:
    hit("track", "10.0.0.1", limit=3, window=WINDOW, now=NOW)
    assert "10.0.0.1" not in RateCount.objects.get().key

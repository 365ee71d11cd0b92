"""Small counts: what is hidden, and that nothing shown gives it away."""

from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from reports.suppression import SMALL, Protected, protect
from reports.transparency import share

# A busy machine is no fault of a rule.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


class TestSuppression:
    @pytest.mark.parametrize(
        ("parts", "shown", "total"),
        [
            ([10, 20], [10, 20], 30),
            ([10, 0], [10, 0], 10),
            ([0, 0], [0, 0], 0),
            # One hidden part would follow from the sum.
            ([10, 3], [10, None], None),
            # Two hidden parts that are together fewer than five.
            ([10, 2, 1], [10, None, None], None),
            # Only one way to share out: both four, or all one.
            ([10, 4, 4], [10, None, None], None),
            ([9, 1, 1, 1, 1, 1], [9, None, None, None, None, None], None),
            # Enough is left open.
            ([10, 4, 3], [10, None, None], 17),
            ([4, 3], [None, None], 7),
            ([1], [None], None),
        ],
    )
    def test_table(self, parts, shown, total):
        found = protect({str(number): part for number, part in enumerate(parts)})
        assert (list(found.parts.values()), found.total) == (shown, total)

    @unhurried
    @given(st.lists(st.integers(0, 9), min_size=1, max_size=5))
    def test_nothing_hidden_follows_from_what_is_shown(self, parts):
        """Somebody who knows the rule tries every table that would be shown like this one."""
        found = protect({str(number): part for number, part in enumerate(parts)})
        hidden = [number for number, part in enumerate(found.parts.values()) if part is None]
        assert all(0 < parts[number] < SMALL for number in hidden)
        assert found.total is None or not 0 < found.total < SMALL
        possible = []
        for tried in product(range(1, SMALL), repeat=len(hidden)):
            table = [*parts]
            for number, value in zip(hidden, tried, strict=True):
                table[number] = value
            if found.total is None or sum(table) == found.total:
                possible.append(tried)
        for place in range(len(hidden)):
            assert len({tried[place] for tried in possible}) > 1
        if found.total is not None and hidden:
            assert sum(parts[number] for number in hidden) >= SMALL

    @unhurried
    @given(st.dictionaries(st.text(max_size=3), st.integers(0, 10**6), max_size=6))
    def test_what_is_shown_is_true_and_large_numbers_stay(self, parts):
        found = protect(parts)
        for name, value in found.parts.items():
            assert value is None or value == parts[name]
        if all(value == 0 or value >= SMALL for value in parts.values()):
            assert found == Protected(dict(parts), sum(parts.values()))

    def test_no_percentage_beside_a_hidden_part(self):
        assert share(protect({"a": 90, "b": 3}), "a", ("a", "b")) is None
        assert share(protect({"a": 0, "b": 0}), "a", ("a", "b")) is None
        assert share(protect({"a": 50, "b": 0}), "a", ("a", "b")) == 100
        assert share(protect({"a": 5, "b": 35}), "a", ("a", "b")) == 13

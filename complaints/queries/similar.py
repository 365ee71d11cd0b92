"""Reports about the same thing: found by words (Indonesian stems), ranked by likeness of letters.

Both the words and the letters have an index. A report has to share two of the story's longest words,
so that one common word does not bring thousands; where words find too little, a run of letters does.
Of what is found only the newest are ranked (benchmarks/similar_reports.py: 100,000 reports).
"""

import re
from datetime import date, timedelta
from itertools import combinations

from django.contrib.postgres.search import SearchQuery, SearchRank, TrigramWordSimilarity
from django.db.models import F, Q, Value
from django.db.models.functions import Left

from complaints.enums import ComplaintState
from complaints.models import Complaint
from complaints.models.complaints import SEARCH_CONFIG, ComplaintQuerySet

DAYS = 180
WORDS = 6
RANKED = 100
# So many letters of the story are compared; the rest of a long one repeats itself.
LETTERS = 300
# Words of four letters and less are mostly "yang", "dari", "saya".
WORD = re.compile(r"[^\W\d_]{5,}")
ELSEWHERE = (ComplaintState.REFERRED, ComplaintState.REJECTED, ComplaintState.MERGED)


def similar_to(
    government_id: int,
    story: str,
    unit_id: int | None,
    region_id: int | None,
    today: date,
    limit: int,
    *,
    with_title: bool = False,
) -> list[Complaint]:
    """Most alike first: open, answered or closed, of the last 180 days, about this unit or region.

    Without unit and region: of the whole government. `with_title`: only what staff released.
    """
    words = longest_words(story)
    if not words:
        return []
    rows = _candidates(government_id, unit_id, region_id, today)
    if with_title:
        rows = rows.exclude(public_title="")
    newest = _newest(by_words(rows, words))
    if len(newest) < limit:
        newest += _newest(by_letters(rows, words))
    likeness = TrigramWordSimilarity(" ".join(words), Left("story", LETTERS))
    rank = SearchRank(F("search"), _any(words), normalization=Value(1))
    ranked = Complaint.objects.filter(pk__in=newest).annotate(likeness=likeness + rank)
    ranked = ranked.select_related("unit", "named_unit", "region")
    return list(ranked.order_by("-likeness", "-pk")[:limit])


def by_words(rows: ComplaintQuerySet, words: list[str]) -> ComplaintQuerySet:
    """Two of the words, in whatever form; the only one when there is no other."""
    pairs = [f"({one} & {other})" for one, other in combinations(words, 2)] or words
    query = SearchQuery(" | ".join(pairs), search_type="raw", config=SEARCH_CONFIG)
    return rows.filter(search=query)


def by_letters(rows: ComplaintQuerySet, words: list[str]) -> ComplaintQuerySet:
    """For what is written in a hurry: a run of the same letters."""
    return rows.filter(story__trigram_word_similar=" ".join(words))


def _newest(rows: ComplaintQuerySet) -> list[int]:
    return list(rows.order_by("-pk").values_list("pk", flat=True)[:RANKED])


def longest_words(story: str) -> list[str]:
    """Each once, longest first: a long word is seldom a common one."""
    words = dict.fromkeys(word.lower() for word in WORD.findall(story[:2000]))
    return sorted(words, key=lambda word: -len(word))[:WORDS]


def _candidates(
    government_id: int, unit_id: int | None, region_id: int | None, today: date
) -> ComplaintQuerySet:
    rows = Complaint.objects.of(government_id).filter(
        filed_on__gte=today - timedelta(days=DAYS), is_quarantined=False
    )
    about = Q()
    if unit_id:
        about |= Q(unit_id=unit_id) | Q(named_unit_id=unit_id)
    if region_id:
        about |= Q(region_id=region_id)
    return rows.filter(about).exclude(state__in=ELSEWHERE)


def _any(words: list[str]) -> SearchQuery:
    return SearchQuery(" | ".join(words), search_type="raw", config=SEARCH_CONFIG)

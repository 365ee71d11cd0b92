"""Words in what citizens wrote and in what was written to them, through the text indexes."""

import re

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q

from complaints.enums import MessageKind
from complaints.models import Message
from complaints.models.complaints import SEARCH_CONFIG, ComplaintQuerySet

MOST_WORDS = 8
MOST_KEYS = 2500
# Who writes one of these means it: quotes, "or", a word to leave out.
OPERATORS = re.compile(r'"|(^|\s)-\w|\sor\s', re.IGNORECASE)


def mentioning(rows: ComplaintQuerySet, government_id: int, words: str) -> ComplaintQuerySet:
    """Those with all of the words, in any of their forms; the last one may be unfinished.

    In the story, the place, and every message but internal notes. A number finds its complaint.
    Few are found through the text indexes and taken by their keys: two queries more. Where the words
    stand nearly everywhere, reading in the order of the list finds a page of them sooner.
    """
    query = _query(words)
    said = Message.objects.filter(government_id=government_id, search=query)
    told = said.exclude(kind=MessageKind.NOTE).values("complaint_id")
    here = _numbered(words) | Q(search=query)
    keys: set[int] = set()
    for part in (here, Q(pk__in=told)):
        keys.update(rows.filter(part).order_by().values_list("pk", flat=True)[: MOST_KEYS + 1])
        if len(keys) > MOST_KEYS:
            break
    else:
        return rows.filter(pk__in=keys)
    return rows.filter(here | Q(pk__in=told))


def _numbered(words: str) -> Q:
    number = words.strip().removeprefix("#")
    if number.isascii() and number.isdigit() and len(number) < 10:
        return Q(number=int(number))
    return Q(pk__in=[])


def _query(words: str) -> SearchQuery:
    exact = SearchQuery(words, config=SEARCH_CONFIG, search_type="websearch")
    tokens = re.findall(r"[^\W_]+", words)[:MOST_WORDS]
    if OPERATORS.search(words) or not tokens:
        return exact
    begun = " & ".join([*tokens[:-1], f"{tokens[-1]}:*"])
    return exact | SearchQuery(begun, config=SEARCH_CONFIG, search_type="raw")

"""Proofs of service: codes on slips, receipt numbers. Kept only as a keyed hash.

A text that looks like a NIK is refused everywhere: nobody needs a citizen's number here.
"""

import re
import secrets
import unicodedata

from integrity_portal.core.crypto import keyed_hash

# Without what is mistaken for one another: 0 O Q, 1 I L, 5 S, 2 Z, 8 B.
LETTERS = "ACDEFGHJKMNPRTUVWXY34679"
LENGTH = 8
SHORTEST, LONGEST = 4, 40
_SEPARATORS = re.compile(r"[\s.\-\u00ad\u200b-\u200d\u2010-\u2015\u2212_/,:#]+")
# Sixteen digits, together or in groups, that belong to no longer number.
_NIK = re.compile(r"(?<!\d)\d(?:[ .\-]?\d){15}(?![ .\-]?\d)")


def new_code() -> str:
    """36 random bits: enough where a wrong one says nothing and each counts once."""
    return "".join(secrets.choice(LETTERS) for _letter in range(LENGTH))


def shown(code: str) -> str:
    return f"{code[:4]}-{code[4:]}"


def normalise(text: str) -> str | None:
    """In one form, however it was typed; None for what can be no proof."""
    compact = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()
    if not SHORTEST <= len(compact) <= LONGEST or not compact.isalnum():
        return None
    return compact


def proof_hash(round_id: int, compact: str) -> str:
    """Bound to its round: the same receipt may count in another survey."""
    return keyed_hash("survey_proof", f"proof\x1f{round_id}\x1f{compact}")


def form_hash(round_id: int, form_key: str) -> str:
    return keyed_hash("survey_proof", f"form\x1f{round_id}\x1f{form_key}")


def fingerprint(answers: str) -> str:
    """Of all answers of a round, for the ledger: nobody without the key can try answers out."""
    return keyed_hash("survey_proof", f"answers\x1f{answers}")


def has_nik(text: str) -> bool:
    return bool(_NIK.search(unicodedata.normalize("NFKC", text)))

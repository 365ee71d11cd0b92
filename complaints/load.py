"""How the door stays open under a flood. Pure: counts and clock are passed in.

Above a number of filings within the last minutes a filing costs proof of work: its sender's browser
looks for a number whose SHA-256 together with the challenge begins with so many zero bits, which
somebody honest does not notice and ten thousand of which are dear. Nothing is ever refused for it:
what comes without proof then is received and put aside until somebody has looked (ADR 0070).
"""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

from integrity_portal.core.data_files import DataFile, load

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Price:
    """From so many filings within the window on a proof has so many zero bits."""

    filings: int
    bits: int


@dataclass(frozen=True)
class Load:
    """`crowded_bits`: for an address that sends more than a school does, whatever the others do."""

    version: int
    window_minutes: int
    prices: tuple[Price, ...]
    crowded_bits: int
    address_a_minute: int
    address_a_day: int
    proof_minutes: int
    place_hours: int
    place_filings: int
    waiting_megabytes: int

    @property
    def window(self) -> timedelta:
        return timedelta(minutes=self.window_minutes)

    @property
    def most(self) -> int:
        """Above it nothing gets dearer: nobody needs to count further."""
        return max(price.filings for price in self.prices)

    def bits_for(self, filings: int, *, is_crowded: bool = False) -> int:
        """0 when nothing has to be proven."""
        dear = [price.bits for price in self.prices if filings >= price.filings]
        return max([*dear, self.crowded_bits if is_crowded else 0])


def current() -> Load:
    """Raises UnableToReadData."""
    return load(DATA / "load.yaml", read)


def read(file: DataFile) -> Load:
    """The file, checked against itself: more filings never cost less."""
    prices = tuple(Price(**row) for row in file.data["prices"])
    for number, (one, after) in enumerate(pairwise(prices), 1):
        if after.filings <= one.filings or after.bits <= one.bits:
            raise file.fault(
                "more filings have to cost more than the line before", "prices", number
            )
    return Load(**{**file.data, "prices": prices})


def proves(challenge: str, answer: str, bits: int) -> bool:
    """Whether SHA-256 of `challenge:answer` begins with so many zero bits."""
    if not (answer.isascii() and answer.isdigit() and len(answer) <= 16):
        return False
    digest = hashlib.sha256(f"{challenge}:{answer}".encode()).digest()
    return int.from_bytes(digest) >> (256 - bits) == 0

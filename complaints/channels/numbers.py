"""A person's number in one spelling: 0812…, 62812…, +62 812… are the same sender."""

import re

import phonenumbers

COUNTRY = "ID"
_DIALLED = re.compile(r"\+?[0-9 ().-]{5,30}")
_NAME = re.compile(r"[A-Za-z]{2}\.[A-Za-z0-9]{5,120}")


def normalise_number(text: str) -> str | None:
    """E.164, or None when nobody can be reached by it."""
    bare = text.strip().removeprefix("whatsapp:").strip()
    if not _DIALLED.fullmatch(bare):
        return None
    if bare.startswith("00"):
        bare = f"+{bare[2:]}"
    # Gateways leave the plus away.
    guesses = [bare, f"+{bare}"] if bare[:1].isdigit() and not bare.startswith("0") else [bare]
    for guess in guesses:
        try:
            number = phonenumbers.parse(guess, COUNTRY)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_possible_number(number) and not _is_doubled(guess, number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return None


def _is_doubled(guess: str, number: phonenumbers.PhoneNumber) -> bool:
    """`62812…` read as a number within the country would become +6262812…."""
    return not guess.startswith("+") and str(number.national_number).startswith("62")


def sender_of(text: str) -> str:
    """The number, or what the provider calls the person; short codes stay as they are."""
    number = normalise_number(text)
    if number:
        return number
    return text.strip()[:128]


def can_be_answered(sender: str) -> bool:
    """Not the names that operators send advertising from."""
    return sender.startswith("+") or bool(_NAME.fullmatch(sender))

"""The NIP: day of birth, first month of service, sex, number (Perka BKN 22/2007). Pure."""

from datetime import date


def may_be_nip(digits: str) -> bool:
    """18 digits YYYYMMDD YYYYMM S NNN.

    PPPK have the same shape, but two digits of their own (21 and up) in the place of the month.
    """
    if len(digits) != 18 or not (digits.isascii() and digits.isdigit()):
        return False
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    year, month = int(digits[8:12]), int(digits[12:14])
    known_month = 1 <= month <= 12 or month >= 21
    return 1900 <= born.year < year < 2200 and known_month and digits[14] in "12"

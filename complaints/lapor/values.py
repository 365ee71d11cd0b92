"""What one cell of an export says. Pure: the time zone is passed in."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from integrity_portal.core.parsing import NotUnderstood, fold, parse_date

# Excel counts days from here.
EXCEL_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001
_TIME = re.compile(
    r"[\s,Tt](\d{1,2})[.:](\d{2})(?:[.:](\d{2})(?:\.\d+)?)?\s*(am|pm)?"
    r"\s*(z|wib|wita|wit|[+-]\d{2}:?\d{2})?\s*$",
    re.IGNORECASE,
)
ZONES = {"wib": "Asia/Jakarta", "wita": "Asia/Makassar", "wit": "Asia/Jayapura", "z": "UTC"}
EARLIEST = date(2005, 1, 1)


def moment(value: object, zone: str) -> datetime:
    """A day, or a day with its time; without one it is taken as noon. Raises NotUnderstood."""
    if isinstance(value, datetime):
        found = value if value.tzinfo else value.replace(tzinfo=ZoneInfo(zone))
    elif isinstance(value, date):
        found = _at(value, time(12), zone)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        found = _of_excel(value, zone)
    else:
        found = _of_text(str(value), zone)
    if not EARLIEST <= found.astimezone(ZoneInfo(zone)).date() <= date(2199, 12, 31):
        raise NotUnderstood(str(value))
    return found


def _of_excel(value: float, zone: str) -> datetime:
    if not 30_000 < value < 90_000:
        raise NotUnderstood(str(value))
    found = EXCEL_ZERO + timedelta(seconds=round(value * 86_400))
    if isinstance(value, int) or float(value).is_integer():
        return _at(found.date(), time(12), zone)
    return found.replace(tzinfo=ZoneInfo(zone))


def _of_text(text: str, zone: str) -> datetime:
    clean = fold(text)
    match = _TIME.search(clean)
    if not match:
        return _at(parse_date(clean), time(12), zone)
    hour, minute, second, half, said = match.groups()
    day = re.sub(r"(?i)[\s,]*(pukul|jam)?[\s,]*$", "", clean[: match.start()])
    clock = _clock(int(hour), int(minute), int(second or 0), (half or "").lower(), text)
    return _in_zone(datetime.combine(parse_date(day), clock), (said or "").lower(), zone)


def _clock(hour: int, minute: int, second: int, half: str, text: str) -> time:
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    try:
        return time(hour, minute, second)
    except ValueError as error:
        raise NotUnderstood(text) from error


def _in_zone(naive: datetime, said: str, zone: str) -> datetime:
    if said[:1] in ("+", "-") and said:
        return datetime.strptime(
            f"{naive:%Y-%m-%d %H:%M:%S} {said.replace(':', '')}", "%Y-%m-%d %H:%M:%S %z"
        )
    return naive.replace(tzinfo=ZoneInfo(ZONES.get(said, zone)))


def _at(day: date, clock: time, zone: str) -> datetime:
    return datetime.combine(day, clock, ZoneInfo(zone))

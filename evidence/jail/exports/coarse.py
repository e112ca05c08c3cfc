"""Times that are taken less exactly than they are written, because a person does not trust them so far. Never finer."""

from datetime import datetime

from evidence.jail.exports.records import Record
from evidence.jail.exports.times import Clock

# What a person may say → what is taken less exactly then.
COARSER = {"minute": ("second",), "day": ("second", "minute")}


def coarsened(record: Record, resolution: str, clock: Clock) -> Record:
    """The record, with its times where that minute or day begins: of the clock that it shows, or else of UTC."""
    if record.resolution not in COARSER[resolution]:
        return record
    shown = datetime.fromisoformat((record.local or record.at).removesuffix("Z"))
    begin = shown.replace(second=0) if resolution == "minute" else shown.replace(hour=0, minute=0, second=0)
    probe = Record(record.kind, record.start, record.end, record.line)
    clock.put(probe, shown, record.resolution)
    record.resolution = resolution
    if record.local and probe.at == record.at:
        # What this clock did at that moment it need not have done where the day begins.
        record.marks = [mark for mark in record.marks if mark not in probe.marks]
        clock.put(record, begin, resolution)
        return record
    # A time in UTC, which some formats give beside that of a clock whose zone they do not say.
    if record.at:
        at = datetime.fromisoformat(record.at.removesuffix("Z")) - (shown - begin)
        record.at = f"{at.isoformat(timespec='seconds')}Z"
    record.local = begin.isoformat(timespec="seconds") if record.local else ""
    return record

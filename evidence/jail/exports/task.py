"""The task `exports`: looks at an export, or reads it record by record. Runs in the jail only.

Lines of JSON come out: what was seen, or records and at last a line that says that this was all."""

import codecs
import csv
import json
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from evidence.jail.exports import (
    columns,
    formats,
    ndjsons,
    options,
    plain,
    sheets,
    tables,
    telegram,
    times,
    whatsapp,
    wire,
    xarchive,
)
from evidence.jail.exports.options import Options
from evidence.jail.exports.records import LONGEST_ELEMENT, LONGEST_LINE, LONGEST_NAME, Asked, Frame, Record, Unreadable
from evidence.jail.exports.sources import ENCODINGS, Line, Source, encoding_of, lines

Steps = Iterator[Record | Frame]


def prepare(wanted: str) -> Callable[[BinaryIO], Iterator[bytes]]:
    """Load what cannot be loaded in the jail: the zone's rules, the encodings. Then read what is asked for."""
    said = json.loads(wanted)
    for name in ENCODINGS:
        codecs.lookup(name)
    list(csv.reader(["x"]))
    times.utc(0)
    zone, fault = said["options"].get("zone") or "", ""
    try:
        rules = ZoneInfo(zone) if zone else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        rules, fault = None, f"no time zone {zone[:80]!r}"

    def act(file: BinaryIO) -> Iterator[bytes]:
        try:
            if fault:
                raise Unreadable(fault)
            if said["act"] == "cite":
                source, (member, start, end) = Source(file), said["cited"]
                yield wire.cited(source.part(member, start, end),
                                 encoding_of(source.head(member, 4), said["encoding"])[0])
                return
            chosen = options.understood(said["options"])
            work = Work(Source(file), said["format"], chosen, times.Clock(rules))
            looks = {"look": work.look, "plain": work.plain}
            yield from [wire.told(looks[said["act"]]())] if said["act"] in looks else wire.written(work, said["after"])
        except Asked as asked:
            yield wire.asked(asked.what, asked.facts)
        except Unreadable as error:
            yield wire.stopped(str(error))
    return act


class Work:
    """One export, one format, what a person said of it."""

    def __init__(self, source: Source, kind: str, chosen: Options, clock: times.Clock):
        self._source, self._kind, self._chosen, self._clock = source, kind, chosen, clock

    def look(self) -> dict[str, Any]:
        """Without a format, which ones it may be; with one, what a person has to say before it can be read."""
        if not self._kind:
            return {"suggested": formats.suggest(self._source)}
        members = self.members()
        told: dict[str, Any] = {"format": self._kind, "members": members}
        if self._kind == "whatsapp":
            told |= self._survey(members[0]).facts
        elif self._kind == "sheet":
            told["sheets"] = sheets.book(self._source).sheets
            told |= columns.look(self._rows(members[0]), self._chosen.columns)
        elif self._kind == "table":
            told |= columns.look(self._rows(members[0]), self._chosen.columns)
        return told

    def plain(self) -> dict[str, Any]:
        """A small table as it stands."""
        return plain.told(self._rows(self.members()[0]))

    def members(self) -> list[str]:
        found = formats.members_of(self._source, self._kind, self._chosen.members)
        if self._kind == "sheet" and not self._chosen.members:
            found = [next(iter(sheets.book(self._source).sheets.values()))]
        if self._kind != "xarchive" and len(found) > 1:
            raise Unreadable("one member is read at a time")
        for name in found:
            _require_a_line(name)
        return found

    def size(self, member: str) -> int:
        return self._source.size(member)

    def steps(self, member: str) -> Steps:
        """Records and framing of one member, which together are all of its bytes."""
        if self._kind == "whatsapp":
            found = self._survey(member)
            return whatsapp.Reader(
                found, order=self._chosen.order, names=self._chosen.names, clock=self._clock,
                encoding=self._encoding(member), attachment=lambda name: self._source.attachment(name, member),
            ).read(self._lines(member))
        if self._kind == "telegram":
            return telegram.Reader(self._clock, lambda name: self._source.attachment(name, member)).read(
                self._source.chunks(member))
        if self._kind == "xarchive":
            return xarchive.Reader(self._owner()).read(self._source.chunks(member))
        if self._kind == "zeeschuimer" or self._kind == "fourcat" and self._source.head(member)[:4].lstrip(
                b"\xef\xbb\xbf")[:1] == b"{":
            return ndjsons.Reader(self._clock).read(lines(self._source.chunks(member), most=LONGEST_ELEMENT))
        return self._table(member)

    def _table(self, member: str) -> Steps:
        chosen, way = self._chosen.columns, self._chosen.time
        if self._kind == "fourcat":
            chosen = columns.fourcat(columns.first_names(self._rows(member)))
        if chosen.get("time") and not way:
            facts = columns.look(self._rows(member), chosen)
            if not facts["time"]:
                raise Asked("time", facts)
            way = facts["time"]
        since_1904 = self._kind == "sheet" and sheets.book(self._source).since_1904
        return columns.Reader(chosen, way, self._clock, self._chosen.kind or "post", since_1904=since_1904,
                              padded=self._kind == "sheet").read(self._rows(member))

    def _survey(self, member: str) -> whatsapp.Survey:
        return whatsapp.survey(self._lines(member), self._encoding(member), self._chosen.layout)

    def _rows(self, member: str) -> Iterator[tables.Row | Frame]:
        if self._kind == "sheet":
            return sheets.Sheet(self._source, member, sheets.strings(self._source)).rows()
        encoding = self._encoding(member)
        sign = self._chosen.delimiter or tables.delimiter_of(self._source.head(member), encoding)
        return tables.rows(self._lines(member), encoding, sign)

    def _lines(self, member: str) -> Iterator[Line]:
        return lines(self._source.chunks(member), self._encoding(member), LONGEST_LINE)

    def _encoding(self, member: str) -> str:
        return encoding_of(self._source.head(member, 4), self._chosen.encoding)[0]

    def _owner(self) -> dict[str, str]:
        name = next((one for one in self._source.members if xarchive.ACCOUNT.fullmatch(one)), "")
        return xarchive.account(self._source.head(name) if name else b"")


def _require_a_line(name: str) -> None:
    """Each record says its member: a name that is a page long, or none that any text holds, is refused."""
    if len(name) > LONGEST_NAME or any(unicodedata.category(sign) in ("Cc", "Cs") for sign in name):
        raise Unreadable(f"the member {name[:80]!r} has a name of more than {LONGEST_NAME} characters, or one with "
                         "characters that no line of text has")

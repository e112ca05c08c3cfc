"""Catalogues of translations: read .po, write .mo. Standard library only: a bare machine has no gettext."""

import ast
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MAGIC = 0x950412DE


@dataclass
class Entry:
    """One message. `texts` are its translations: one, or one per plural form."""

    msgid: str = ""
    plural: str = ""
    context: str = ""
    texts: dict[int, str] = field(default_factory=dict)
    fuzzy: bool = False

    @property
    def key(self) -> str:
        """The message as gettext looks it up."""
        key = f"{self.context}\x04{self.msgid}" if self.context else self.msgid
        return f"{key}\0{self.plural}" if self.plural else key

    @property
    def done(self) -> bool:
        return bool(self.texts) and all(self.texts.values()) and not self.fuzzy


def main(arguments: list[str]) -> int:
    if arguments != ["compile"]:
        print("usage: script/messages compile")
        return 2
    for source in sorted((ROOT / "locale").rglob("*.po")):
        entries = read(source)
        source.with_suffix(".mo").write_bytes(compiled(entries))
        print(f"{source.relative_to(ROOT)}: {sum(entry.done for entry in entries) - 1} messages")
    return 0


def read(path: Path) -> list[Entry]:
    """The entries of a .po file, its header (the empty message) first. Raises ValueError naming the line."""
    entries: list[Entry] = []
    entry, text = Entry(), ""
    at: tuple[str, int] = ("", 0)
    for number, line in enumerate(_lines(path), 1):
        if line.startswith("#~"):
            continue
        if line.startswith("#,"):
            fuzzy = "fuzzy" in line
            if at[0] == "msgstr":
                entries.append(entry)
                entry, at = Entry(), ("", 0)
            entry.fuzzy = fuzzy
            continue
        if not line or line.startswith("#"):
            continue
        if not line.startswith('"'):
            word, _, text = line.partition(" ")
            if at[0] == "msgstr" and word in {"msgid", "msgctxt"}:
                entries.append(entry)
                entry = Entry()
            at = _place(word, path, number)
        else:
            text = line
        _append(entry, at, ast.literal_eval(text))
    return [*entries, entry] if entry.texts else entries


def compiled(entries: list[Entry]) -> bytes:
    """The .mo file of every entry that is translated, sorted as gettext wants it."""
    done = {entry.key: "\0".join(entry.texts[n] for n in sorted(entry.texts)) for entry in entries if entry.done}
    pairs = sorted((key.encode(), text.encode()) for key, text in done.items())
    head = 7 * 4
    keys_at, texts_at = head, head + 8 * len(pairs)
    data_at = texts_at + 8 * len(pairs)
    tables: list[list[bytes]] = [[], []]
    data = b""
    for column in (0, 1):
        for pair in pairs:
            tables[column].append(struct.pack("<II", len(pair[column]), data_at + len(data)))
            data += pair[column] + b"\0"
    header = struct.pack("<7I", MAGIC, 0, len(pairs), keys_at, texts_at, 0, data_at)
    return header + b"".join(tables[0]) + b"".join(tables[1]) + data


def _lines(path: Path) -> Iterator[str]:
    for line in path.read_text("utf-8").splitlines():
        yield line.strip()


def _place(word: str, path: Path, number: int) -> tuple[str, int]:
    if word in {"msgid", "msgid_plural", "msgctxt", "msgstr"}:
        return word, 0
    if word.startswith("msgstr[") and word.endswith("]"):
        return "msgstr", int(word[7:-1])
    raise ValueError(f"{path}:{number}: {word} is not understood")


def _append(entry: Entry, at: tuple[str, int], text: str) -> None:
    match at[0]:
        case "msgid":
            entry.msgid += text
        case "msgid_plural":
            entry.plural += text
        case "msgctxt":
            entry.context += text
        case "msgstr":
            entry.texts[at[1]] = entry.texts.get(at[1], "") + text

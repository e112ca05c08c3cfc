"""Drafts of accounts read from a table that was lodged: CSV or a workbook, each row under the line it begins on.

The file is an exhibit like any other, and its bytes are read in the jail. Which column is what its first line says."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework.access import Action, require
from casework.accounts import drafts, observing
from casework.accounts.drafts import SHOWN, TELEPHONE, WHY, Draft
from casework.accounts.spelling import fold, phone_keys
from casework.accounts.words import WITHHELD
from casework.cases.services import require_open
from casework.exhibits import originals, platform_addresses, platform_urls, reading
from casework.exhibits.models import Exhibit
from casework.exhibits.platforms import Platform
from evidence.jail import services as jail
from evidence.jail.exports.sources import ENCODINGS

LARGEST = 4 * 1024**2
# A person waits for it.
LIMITS = jail.Limits(memory=768 * 1024**2, cpu=30, wall=20.0, output=16 * 1024**2)
COLUMNS = {
    "platform": ("platform", "network", "site", "پلیٹ فارم"),
    "handle": ("handle", "username", "user name", "screen name", "account", "ہینڈل"),
    "display_name": ("display name", "name", "full name", "نام"),
    "stable_id": ("stable id", "id", "account id", "user id", "مستقل شناخت"),
    "address": ("address", "url", "link", "profile", "profile url", "account url", "پتہ"),
    "exhibit": ("exhibit", "ایگزبٹ"),
}
_PLATFORMS = {"twitter": "x", **{str(one.label).casefold(): one.value for one in Platform},
              **{one.value: one.value for one in Platform}}
_BY_TELEPHONE = {Platform.WHATSAPP, Platform.SIGNAL}
NOT_TEXT = gettext_lazy("There are bytes in it that are no text in this encoding.")
FORMULA = gettext_lazy("A cell is a formula. Write what it shows.")
HIDDEN = gettext_lazy("Its name was withheld when this table was taken out of a case. Give it, or leave the line out.")
OTHERS = gettext_lazy("Its address is on another platform.")


def read(exhibit: Exhibit, *, encoding: str = "", by: Any) -> list[Draft]:
    """A draft for each row of the table that `exhibit` is; it is recorded as a view of it.

    Raises ValidationError that says what is wrong with the file, and with which line; Disposed, Damaged."""
    with transaction.atomic():
        require(by, Action.ACCOUNT_EDIT, require_open(exhibit.case))
        reading.view(exhibit, by=by, what="accounts")
    told = _told(exhibit, encoding)
    places = _columns(told["names"], told["names_line"])
    drafts.require_few(len(told["rows"]), "table")
    return drafts.compared(_draft(row, places, len(told["names"])) for row in told["rows"])


def _told(exhibit: Exhibit, encoding: str) -> dict[str, Any]:
    if encoding and encoding not in ENCODINGS:
        raise ValidationError({"encoding": _("Choose one of: %(known)s.") % {"known": ", ".join(ENCODINGS)}})
    if exhibit.item.blob.size > LARGEST:
        raise ValidationError({"table": _("It is larger than a list of accounts may be (4 MiB).")})
    try:
        with originals.opened(exhibit) as file:
            kind = "sheet" if file.read(2) == b"PK" else "table"
            file.seek(0)
            return _checked(jail.read_table(file, format=kind, options={"encoding": encoding} if encoding else {},
                                            limits=LIMITS))
    except jail.Stopped as error:
        raise ValidationError({"table": _("It cannot be read so: %(why)s") % {"why": str(error)}}) from None


def _checked(told: dict[str, Any]) -> dict[str, Any]:
    """What the child told, in the shape that ours give: it is as foreign as the file."""
    rows = told.get("rows")
    if not (_is_line(told.get("names_line")) and _are_texts(told.get("names")) and isinstance(rows, list)
            and all(isinstance(row, dict) and _is_line(row.get("line")) and _are_texts(row.get("cells"))
                    and isinstance(row.get("is_text"), bool) and _are_texts([row.get("reason"), row.get("formula")])
                    for row in rows)):
        raise jail.Stopped("the reader gave what is no table")
    return told


def _is_line(value: Any) -> bool:
    return type(value) is int and value > 0


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _columns(names: list[str], line: int) -> dict[str, int]:
    """Where each column stands. Raises ValidationError where none says whose a row is, or two say the same."""
    places: dict[str, int] = {}
    for at, name in enumerate(names):
        plain = " ".join(name.replace("_", " ").replace("-", " ").casefold().split())
        meant = next((column for column, words in COLUMNS.items() if plain in words), "")
        if meant in places:
            raise ValidationError({"table": _("Line %(line)d: two columns are the same: %(names)s.") % {
                "line": line, "names": f"{names[places[meant]][:80]}, {name[:80]}"}})
        if meant:
            places[meant] = at
    if not {"handle", "address"} & set(places):
        raise ValidationError({"table": _("Line %(line)d: name a column “handle” or “url”. Others may be: platform, "
                                          "display name, stable id, exhibit.") % {"line": line}})
    return places


def _draft(row: dict[str, Any], places: dict[str, int], width: int) -> Draft:
    line, cells = row["line"], [_plain(cell) for cell in row["cells"]]
    text = ", ".join(cell for cell in cells if cell)[:SHOWN]
    problem: Any = row["reason"] or ("" if row["is_text"] else NOT_TEXT)
    if not problem and len(cells) != width:
        problem = _("It has %(count)d cells, and the first line has %(width)d.") % {"count": len(cells), "width": width}
    if not problem and (row["formula"] or any(map(_is_formula, cells))):
        problem = FORMULA
    if problem:
        return Draft(line, text, problem=problem)
    given: dict[str, Any] = {name: cells[at] for name, at in places.items()}
    return _understood(Draft(line, text, **given))


def _understood(said: Draft) -> Draft:
    """The draft with its platform in our word, and with what its address says where its cells say nothing."""
    platform = _PLATFORMS.get(said.platform.casefold(), "")
    address = platform_addresses.undisguised(said.address)
    facts = platform_urls.read(address)
    handle = said.handle.removeprefix("@") or facts.handle
    problem: Any = ""
    if address and not (facts.handle or facts.post_id or facts.account_id):
        problem = drafts.GROUP if facts.group else WHY[platform_urls.unread(address)]
    elif handle == WITHHELD:
        problem = HIDDEN
    elif platform and facts.platform and platform != facts.platform:
        problem = OTHERS
    elif (handle.startswith("+") or platform in _BY_TELEPHONE) and phone_keys(fold(handle).text):
        problem = TELEPHONE
    for name in ("handle", "display_name", "stable_id"):
        if len(getattr(said, name)) > observing.LENGTHS[name]:
            problem = problem or _("A cell is longer than %(most)d characters.") % {"most": observing.LENGTHS[name]}
    return Draft(said.line, said.text, platform or facts.platform, handle, said.display_name,
                 said.stable_id or facts.account_id, facts.url or address, said.exhibit, facts.post_id, facts.posted_at,
                 facts.exactness, problem=problem)


def _plain(cell: str) -> str:
    """A cell without the apostrophe that keeps a spreadsheet from running it."""
    cell = cell.replace("\x00", "").strip()
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@") else cell


def _is_formula(cell: str) -> bool:
    """Handles begin with @ and numbers with +; what is run has more signs in it."""
    return cell[:1] in ("=", "＝") or (cell[:1] in ("+", "-", "@", "＋", "－", "＠")
                                      and any(sign in cell for sign in "(|!"))

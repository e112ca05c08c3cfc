"""Whether what somebody writes down of a platform can be kept: every field is checked, all that is wrong is named."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, URLValidator
from django.utils import timezone
from django.utils.translation import gettext as _

from casework.accounts.words import chosen, cleaned, together
from casework.campaigns import languages as codes
from casework.exhibits.platforms import Platform
from casework.takedowns.reference_models import Policy, Reference, Route

LENGTHS = {"name": 200, "address": 500, "note": 4000, "wording": 20_000, "used_by": 2000, "not_where": 2000,
           "reason": 2000, "field": 120, "url": 500}
MOST_FIELDS, MOST_CHARACTERS, MOST_URLS, MOST_DAYS = 60, 1_000_000, 100_000, 3660
TIMED = (Route.Unit.DAYS, Route.Unit.WORKING_DAYS)
_URL, _MAIL = URLValidator(schemes=["http", "https"]), EmailValidator()


def checked(model: type[Reference], words: Mapping[str, Any], reason: str | None = None) -> dict[str, Any]:
    """`words` as columns of `model`; `reason` as one of them where it is not None. Raises ValidationError."""
    texts = {name: str(words.get(name) or "") for name in LENGTHS if name in _texts(model)}
    if reason is not None:
        texts["reason"] = reason
    needed = {"name", "reason"}
    found: dict[str, Any] = {}
    checks: list[Callable[[], object]] = [
        lambda: found.update(platforms=_platforms(words.get("platforms") or [])),
        lambda: found.update(sources=_sources(model, words.get("sources") or [])),
        lambda: _require_address(words.get("address") or "", words.get("kind"))]
    if model is Route:
        checks += [lambda: found.update(_route(words)), lambda: found.update(wants=_wants(words.get("wants") or [])),
                   lambda: found.update(languages=_languages(words.get("languages") or ""))]
    else:
        checks.append(lambda: found.update(fits=_fits(words.get("fits") or [])))
    kept = together(lambda: cleaned(texts, optional=set(texts) - needed, most=LENGTHS), *checks)
    return {**kept, **found}


def read_address(url: str) -> bool:
    """Whether it is the address of a page, with nobody's password in it."""
    try:
        _URL(url)
        parts = urlsplit(url)
    except (ValidationError, ValueError):
        return False
    return not (parts.username or parts.password)


def _texts(model: type[Reference]) -> set[str]:
    return {"name", "address", "note"} | ({"used_by", "not_where"} if model is Route else {"wording"})


def _platforms(wanted: list[str]) -> list[str]:
    if not wanted:
        raise ValidationError({"platforms": _("This is needed.")})
    return [chosen("platforms", one, Platform.values) for one in dict.fromkeys(wanted)]


def _fits(wanted: list[str]) -> list[str]:
    return [chosen("fits", one, Policy.Fit.values) for one in dict.fromkeys(wanted)]


def _route(words: Mapping[str, Any]) -> dict[str, Any]:
    """Its kind, its limit and when it says that it answers."""
    unit, within, most = words.get("answer_unit") or "", words.get("answer_within"), words.get("most_urls")
    if unit:
        chosen("answer_unit", unit, Route.Unit.values)
    wrong = {}
    if unit in TIMED and not _within(within, MOST_DAYS):
        wrong["answer_within"] = _("Write a number from 1 to %(most)d.") % {"most": MOST_DAYS}
    if unit not in TIMED and within is not None:
        wrong["answer_unit"] = _("Say whether these are days or working days.")
    if most is not None and not _within(most, MOST_URLS):
        wrong["most_urls"] = _("Write a number from 1 to %(most)d.") % {"most": MOST_URLS}
    if wrong:
        raise ValidationError(wrong)
    return {"kind": chosen("kind", words.get("kind") or "", Route.Kind.values), "answer_unit": unit,
            "answer_within": within, "most_urls": most}


def _wants(wanted: list[Any]) -> list[dict[str, Any]]:
    """The fields that the route's form has, each with its limit (characters) and whether it is required, where that
    is known."""
    if len(wanted) > MOST_FIELDS:
        raise ValidationError({"wants": _("At most %(most)d fields.") % {"most": MOST_FIELDS}})
    found = []
    for place, one in enumerate(wanted, start=1):
        name, most, required = str(one.get("name") or "").strip(), one.get("most"), one.get("required")
        if not name or len(name) > LENGTHS["field"]:
            raise ValidationError({"wants": _("Field %(place)d: write its name, in at most %(most)d characters.")
                                   % {"place": place, "most": LENGTHS["field"]}})
        if most is not None and not _within(most, MOST_CHARACTERS):
            raise ValidationError({"wants": _("Field %(place)d: its limit is a number of characters.")
                                   % {"place": place}})
        found.append({"name": _plain(name), "most": most, "required": required})
    return found


def _sources(model: type[Reference], wanted: list[Any]) -> list[dict[str, str]]:
    """Where each fact was read, once for each, in the order of the facts."""
    found: dict[str, dict[str, str]] = {}
    for one in wanted:
        field, url, read_on = (str(one.get(name) or "").strip() for name in ("field", "url", "read_on"))
        if field not in model.SOURCED or field in found:
            raise ValidationError({"sources": _(
                "“%(field)s” is no fact of this, or stands there twice. The facts are: %(known)s.") % {
                    "field": _plain(field)[:80], "known": ", ".join(model.SOURCED)}})
        if len(url) > LENGTHS["url"] or not read_address(url):
            raise ValidationError({"sources": _("%(field)s: write the address of the page where it was read, with "
                                                "https://.") % {"field": field}})
        if (day := _day(read_on)) is None or day > timezone.now().date():
            raise ValidationError({"sources": _("%(field)s: write the day on which it was read there, such as "
                                                "2026-03-14, and none that has not come yet.") % {"field": field}})
        found[field] = {"field": field, "url": url, "read_on": day.isoformat()}
    return [found[field] for field in model.SOURCED if field in found]


def _languages(text: str) -> list[str]:
    try:
        return codes.split(text)
    except ValueError as unknown:
        raise ValidationError({"languages": _("Not known as languages: %(codes)s. Write codes like ur, en.")
                               % {"codes": unknown}}) from None


def _require_address(address: str, kind: Any) -> None:
    """A mail address for mail, and the address of a page for everything else; none where nobody knows it."""
    if not address.strip():
        return
    if kind != Route.Kind.MAIL:
        if not read_address(address.strip()):
            raise ValidationError({"address": _("Write the address of a page, with https://, or nothing.")})
        return
    try:
        _MAIL(address.strip())
    except ValidationError:
        raise ValidationError({"address": _("Write a mail address, or nothing.")}) from None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _within(number: Any, most: int) -> bool:
    return isinstance(number, int) and 1 <= number <= most


def _plain(text: str) -> str:
    """Without what no database takes."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")

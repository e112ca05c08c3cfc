"""Everything that a person reads is there in Urdu, with the same placeholders; catalogues compile without gettext."""

import gettext
import io
import re
from pathlib import Path

import pytest
from django import forms
from django.utils import translation
from stack import catalogs

from tests.house import messages

ROOT = Path(__file__).resolve().parents[2]
OWN = ROOT / "locale" / "ur" / "LC_MESSAGES" / "django.po"
BORROWED = ROOT / "locale" / "borrowed" / "ur" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[sdr]|%[sd]|\{\w*\}")


def test_every_message_of_pages_and_code_has_its_urdu() -> None:
    known = {(entry.context, entry.msgid, entry.plural): entry for entry in catalogs.read(OWN)}
    missing = [f"{where}: {message[1]!r}" for message, where in messages.of_everything().items()
               if message not in known or not known[message].done]
    assert not missing, "\n".join(missing)


def test_nothing_in_the_catalogue_is_left_over() -> None:
    said = set(messages.of_everything())
    left = [entry.msgid for entry in catalogs.read(OWN)
            if entry.msgid and (entry.context, entry.msgid, entry.plural) not in said]
    assert not left


@pytest.mark.parametrize("path", [OWN, BORROWED], ids=["own", "borrowed"])
def test_translations_keep_their_placeholders(path: Path) -> None:
    for entry in catalogs.read(path):
        if not entry.msgid:
            continue
        assert entry.done, f"{entry.msgid} is fuzzy or empty"
        wanted = set(PLACEHOLDER.findall(entry.plural or entry.msgid))
        for number, text in entry.texts.items():
            found = set(PLACEHOLDER.findall(text))
            assert found == wanted or (number == 0 and entry.plural and found <= wanted), entry.msgid


@pytest.mark.parametrize("path", [OWN, BORROWED], ids=["own", "borrowed"])
def test_our_compiler_makes_what_gettext_reads(path: Path) -> None:
    entries = catalogs.read(path)
    loaded = gettext.GNUTranslations(io.BytesIO(catalogs.compiled(entries)))
    for entry in entries[1:]:
        if entry.plural:
            assert loaded.ngettext(entry.msgid, entry.plural, 2) == entry.texts[1]
        elif entry.context:
            assert loaded.pgettext(entry.context, entry.msgid) == entry.texts[0]
        else:
            assert loaded.gettext(entry.msgid) == entry.texts[0]


@pytest.mark.parametrize("field", [
    forms.CharField, forms.EmailField, forms.URLField, forms.ChoiceField, forms.MultipleChoiceField, forms.FileField,
    forms.BooleanField, forms.IntegerField, forms.DateField, forms.DateTimeField, forms.TypedChoiceField])
def test_what_a_form_field_can_object_to_is_said_in_urdu(field: type[forms.Field]) -> None:
    made = field(assume_scheme="https") if field is forms.URLField else field()
    with translation.override("ur"):
        for message in made.error_messages.values():
            if isinstance(message, str) or hasattr(message, "_proxy____args"):
                assert re.search("[؀-ۿ]", str(message)), str(message)

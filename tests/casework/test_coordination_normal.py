"""One spelling for a text however it was typed: what is the same, what is not, and what is too short."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.posts import normal

LONG = "The Delta Port will feed our children, build it now"
URDU = "ڈیلٹا پورٹ ہمارے بچوں کا مستقبل ہے اسے آج ہی تعمیر کریں"
# What people and tricks do to a text, and what all of it is compared as.
SPELLED = [
    ("Build it NOW", "build it now"), ("  Build\u00a0it \n\t now ", "build it now"),
    ("ｂｕｉｌｄ ｉｔ ｎｏｗ", "build it now"),
    ("ﬁne straße", "fine strasse"), ("𝐁𝐮𝐢𝐥𝐝 𝒊𝒕", "build it"), ("cafe\u0301", "café"), ("cafe\u200b\u0301", "café"),
    ("Bu\u200bild \u200eit\u200f \u202anow\u202c", "build it now"), ("\ufeffbu\u00adild\u2060 it", "build it"),
    ("\u2067build\u2069 it", "build it"), ("now\u2800then", "now then"), ("now\x00then\x1bgo", "now then go"),
    ("\u2764\ufe0f now", "\u2764 now"), ("👩\u200d🚀 go", "👩🚀 go"),
    ("go https://t.co/Ab1?x=1 now", "go now"), ("go www.port.example/now", "go"), ("see t.co/Ab1 now", "see now"),
    ("hxxps://port.example go", "go"), ("دیکھیںhttps://t.co/Ab1", "دیکھیں"), ("9/10 of us, 3.5/5", "9/10 of us, 3.5/5"),
    ("@SanaMehr_q22 go", "go"), (".@news go @a @b", ". go"), ("@ann@social.example go", "go"), ("@ann.lee go", "go"),
    ("＠news go", "go"), ("mail me@post.example", "mail me@post.example"), ("@@a@b go", "go"), ("5 @ 8", "5 @ 8"),
    ("#DeltaPortNow! #ڈیلٹا_پورٹ", "#deltaportnow! #ڈیلٹا_پورٹ"), ("＃DeltaPort", "#deltaport"),
    ("كيسے ہي", "کیسے ہی"), ("علىٰ", "علی"), ("يہ ڪام", "یہ کام"), ("ههه هٔ", "ہہہ ہ"), ("خانۀ خانۂ", "خانہ خانہ"),
    ("مسئلہ", "مسیلہ"), ("أحمد إسلام ٱلله", "احمد اسلام اللہ"), ("مؤمن", "مومن"), ("آج", "آج"), ("ا\u0653ج", "آج"),
    ("مـــبـــارک", "مبارک"), ("اُردُو زَبانِ", "اردو زبان"), ("رحمة", "رحمۃ"), ("ھم", "ھم"), ("می\u200cرود", "میرود"),
    ("ﻣﺒﺎﺭﻙ", "مبارک"), ("١٢٣ ۴۵۶ 789 १२", "123 456 789 12"), ("हिन्दी में", "हिन्दी में"), ("", ""), ("\u200f", ""),
]


@pytest.mark.parametrize(("typed", "spelled"), SPELLED)
def test_a_text_has_one_spelling(typed: str, spelled: str) -> None:
    assert normal.normalised(typed) == unicodedata.normalize("NFKC", spelled)


@pytest.mark.parametrize(("one", "other"), [
    ("Build it now", "Build it, now"), ("#DeltaPort", "DeltaPort"), ("آج", "اج"), ("ھم", "ہم"), ("café", "cafe"),
    ("یہ کام", "یہکام"), ("go now", "gonow")])
def test_what_reads_differently_stays_different(one: str, other: str) -> None:
    assert normal.normalised(one) != normal.normalised(other)


MIXED = st.text(st.one_of(st.characters(), st.sampled_from(
    "@a.b/:w-_ \u200c\u200b\u0654\u0653يئیهۀةﷺ\u0301\u0345ǰİſ\u200dhtps#0٣")), max_size=40)


@given(MIXED)
def test_the_spelling_of_a_spelling_is_itself(typed: str) -> None:
    once = normal.normalised(typed)
    assert normal.normalised(once) == once
    assert not re.search(r"\s\s|^\s|\s$", once)
    assert not any(unicodedata.category(one) in ("Cf", "Cc") for one in once)


@given(st.text(max_size=40), st.integers(0, 40), st.sampled_from(["\u200b", "\u200f", "\u2066", "\ufeff", "\u00ad"]))
def test_a_character_that_nobody_sees_changes_nothing(typed: str, at: int, unseen: str) -> None:
    plain = normal.normalised(typed.replace("@", "").replace("/", "").replace("w", ""))
    assert normal.normalised(plain[:at] + unseen + plain[at:]) == plain


@pytest.mark.parametrize(("typed", "is_long"), [
    ("one two three four five six seven eight", True), ("one two three four five six seven", False),
    ("🔥 🔥 🔥 🔥 🔥 🔥 🔥 🔥", False), ("a" * 40, True), ("a" * 39, False), ("1" * 40, False),
    ("https://t.co/1 @a @b @c one two three four five", False), (LONG, True), (URDU, True)])
def test_short_texts_have_a_weak_key_and_no_other(typed: str, is_long: bool) -> None:
    assert normal.is_long_enough(normal.normalised(typed)) is is_long
    key = normal.key(typed)
    assert key is not None and normal.is_weak(key) is not is_long
    assert key[0] == (normal.VERSION if is_long else normal.VERSION | normal.WEAK)


def test_a_key_begins_with_the_version_and_tells_texts_apart() -> None:
    key = normal.key(LONG)
    assert key is not None and len(key) == normal.LENGTH and key[0] == normal.VERSION
    assert normal.key(f"@news {LONG.upper()} https://t.co/1") == key
    assert normal.key(f"{LONG} 2") != key and normal.key(f"{LONG}, please") != key
    assert normal.key("") is normal.key(" https://t.co/1 @a") is None
    assert normal.key(URDU) == normal.key(URDU.replace("ک", "ك").replace("ی", "ي").replace("ہ", "ه"))


def test_a_change_of_the_spelling_asks_for_a_new_version_and_a_migration() -> None:
    """Keys are stored: where this fails, raise VERSION, key the stored rows again in a migration, and write down here
    what comes out."""
    keys = [key.hex() for text in (LONG, f"RT @a: {URDU}! #b 1/2", "ok")
            if (key := normal.key(text))]
    assert keys == ["0287b54f4f4c570fb96b86c1b640909b93", "02a8f8d1500b5fbf6cf998396a485c9352",
                    "822689367b205c16ce32ed4200942b8b8b"]


def test_a_text_that_is_made_to_be_slow_is_not() -> None:
    """A minute each, and more, where a pattern goes over the same letters again and again."""
    for piece in ("@a", "a.", "www", "a.bb/", "@", "@a.b", "aa.aa.", "a-", "@a ", "www.x "):
        assert len(normal.normalised(piece * 50_000)) <= len(piece) * 50_000

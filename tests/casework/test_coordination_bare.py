"""What people and programs add around a text that they carry, and what makes another text of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.posts import normal

LONG = "The Delta Port will feed our children, build it now"
URDU = "ڈیلٹا پورٹ ہمارے بچوں کا مستقبل ہے اسے آج ہی تعمیر کریں"
SIZES = ("one two three four five six seven", "one two three four five six seven eight")
# With {} for the text.
ADDED = [
    "RT @sana: {}", "rt @sana {}", "RT: @sana {}", "RT @sana: RT @news: {}", "RT @sana: @news {}",
    "RT @a@b.example: {}", "\u200fRT @sana: {}", "ＲＴ ＠sana： {}", "@sana: {}", "@a @b {}", "via @sana {}",
    "via @sana: {}", "{} via @sana", "{} via @sana.", "{} https://t.co/1 via @sana",
    "{} via @sana https://t.co/1 #DeltaPort", "{} #Pakistan", "{} #پاکستان", "{} #DeltaPort #DeltaPortNow!",
    "{} #a#b", "{} (#DeltaPort)", "{} #ڈیلٹا_پورٹ۔", "{} 1/2", "{} 2/2 #DeltaPort", "{} #DeltaPort (3)",
    "{} (3/12)", "{} [1/2]", "{} ۱/۲", "{} (۳)", "{} 1/2 👇", "{}!", "{}!!!", "{} !", "{}۔", "{}؟", "{}...", "{}…",
    "{} 🔥🔥", "{}❤️", "{} 👩\u200d🚀 🇵🇰 👍🏽", "{} — @sana", "{} | ~",
    "RT @sana: {} 1/2 #Pakistan 🔥 https://t.co/1"]
# Words of one's own, in front or behind, and what is no addition.
OTHERS = [
    "Yes! RT @sana: {}", "So true RT @sana: {}", "ہاں! RT @sana: {}", "RT if you agree: {}", "RT {}", "via {}",
    "art@port.example {}", "{} yes", "{} ہاں", "{} #DeltaPort yes", "{} via", "{} via Lahore", "{} via @sana today",
    "1/2 {}", "#DeltaPort {}", "🔥 {}", "{} 3", "{} 24/7", "{} 3/14", "{} 2/1", "{} 0/2", "{} (2026)", "{} (9/3)",
    "{} #1", "{} 5 €", "{} 50%", "{} (yes)"]


@pytest.mark.parametrize("text", [LONG, URDU])
@pytest.mark.parametrize("around", ADDED)
def test_what_is_added_around_a_text_makes_no_other_of_it(text: str, around: str) -> None:
    assert normal.key(around.format(text)) == normal.key(text)
    assert normal.bare(around.format(text)) == normal.normalised(text)


@pytest.mark.parametrize("text", [LONG, URDU])
@pytest.mark.parametrize("around", OTHERS)
def test_words_of_ones_own_make_another_text_of_it(text: str, around: str) -> None:
    assert normal.key(around.format(text)) != normal.key(text)


def test_a_text_that_differs_in_a_word_is_another_one_whatever_is_added() -> None:
    for text in (LONG, URDU):
        words = text.split()
        for at in range(len(words)):
            other = " ".join([*words[:at], "کل" if at % 2 else "tomorrow", *words[at + 1:]])
            assert normal.key(f"RT @sana: {other} #Pakistan") != normal.key(text)


def test_a_hashtag_in_the_text_and_not_behind_it_stays() -> None:
    assert normal.key("The #DeltaPort will feed our children, build it now") != normal.key(LONG)
    assert normal.bare(f"{LONG} #DeltaPort for all") == normal.normalised(f"{LONG} #DeltaPort for all")


def test_a_tasking_with_hashtags_and_a_post_without_them_have_one_key() -> None:
    assert normal.key(f"{LONG}! #DeltaPort #Now") == normal.key(f"RT @sana: {LONG}. #Pakistan 2/3")


def test_nothing_is_taken_off_behind_where_too_little_would_be_left() -> None:
    short, long = SIZES
    slogan = f"{short} #DeltaPort"
    key = normal.key(slogan)
    assert key and not normal.is_weak(key) and key == normal.key(f"RT @sana: {slogan}")
    assert key != normal.key(short) and key != normal.key(f"{short} #LumoPort")
    assert normal.key(f"{long} #DeltaPort") == normal.key(long)
    assert normal.bare("#Build #it #now!") == "#build #it #now!"


@pytest.mark.parametrize(("typed", "is_one"), [
    ("RT @sana: go", True), ("rt @sana go", True), ("\u200fRT ＠sana: go", True), ("“RT @sana: go”", True),
    ("@sana go", False), ("RT if you agree @sana", False), ("Yes! RT @sana: go", False), ("via @sana go", False)])
def test_a_repost_says_so_in_front(typed: str, is_one: bool) -> None:
    assert normal.is_repost(typed) is is_one


PARTS = st.sampled_from("@a.b/:w-_ rtRTviaVIA#()[]0123/!؟€%\u200f\u0301🔥")
MIXED = st.text(st.one_of(st.characters(), PARTS), max_size=60)


@given(MIXED)
def test_what_is_bare_is_bare(typed: str) -> None:
    once = normal.bare(typed)
    assert normal.bare(once) == once == normal.normalised(once)


@given(MIXED, st.sampled_from(ADDED))
def test_whatever_is_added_to_whatever_text(typed: str, around: str) -> None:
    """Where it begins and ends with a word that nobody adds."""
    text = f"so {typed.replace('@', '').replace('/', '').replace(':', '')} many people of ours will build it now okay"
    assert normal.key(around.format(text)) == normal.key(text)


def test_a_text_that_is_made_to_be_slow_to_strip_is_not() -> None:
    for piece in ("RT @a: ", "via @a ", "via @a.b", "via @a #b ", "#a", "#a ", "#1", "#", "1/2 ", "! ", "!", "(", "(1",
                  "🔥 "):
        for front, behind in (("", ""), ("", "x"), ("via @a ", "x"), (f"{LONG} ", "")):
            assert len(normal.bare(f"{front}{piece * 50_000}{behind}")) <= len(front) + len(piece) * 50_000 + 1

"""What the address of a post says, and that no address makes trouble."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.exhibits.platform_urls import Facts, mastodon_time, read, tiktok_time, x_time
from casework.exhibits.platforms import Platform

NOW = datetime(2026, 11, 23, tzinfo=UTC)

POSTS = [
    ("https://x.com/zara_news_pk/status/1768331415029559296", "x", "zara_news_pk", "1768331415029559296",
     "https://x.com/zara_news_pk/status/1768331415029559296"),
    ("https://twitter.com/zara_news_pk/status/1768331415029559296?s=20&t=abc", "x", "zara_news_pk",
     "1768331415029559296", "https://x.com/zara_news_pk/status/1768331415029559296"),
    ("mobile.twitter.com/zara_news_pk/status/1768331415029559296/photo/1", "x", "zara_news_pk", "1768331415029559296",
     "https://x.com/zara_news_pk/status/1768331415029559296"),
    ("https://x.com/i/web/status/1768331415029559296", "x", "", "1768331415029559296",
     "https://x.com/i/status/1768331415029559296"),
    ("https://www.tiktok.com/@lahore.vibes/video/7346208842113502470?lang=en", "tiktok", "lahore.vibes",
     "7346208842113502470", "https://www.tiktok.com/@lahore.vibes/video/7346208842113502470"),
    ("https://mastodon.social/@invented/112092823109482915", "mastodon", "invented@mastodon.social",
     "112092823109482915", "https://mastodon.social/@invented/112092823109482915"),
    ("https://social.example/users/invented/statuses/112092823109482915", "mastodon", "invented@social.example",
     "112092823109482915", "https://social.example/@invented/112092823109482915"),
    ("https://social.example/@invented@far.example/112092823109482915", "mastodon", "invented@far.example",
     "112092823109482915", "https://social.example/@invented@far.example/112092823109482915"),
    ("https://www.facebook.com/lahorevoice/posts/pfbid02abcDEF", "facebook", "lahorevoice", "pfbid02abcDEF",
     "https://www.facebook.com/lahorevoice/posts/pfbid02abcDEF"),
    ("https://m.facebook.com/story.php?story_fbid=123456&id=987654", "facebook", "987654", "123456",
     "https://www.facebook.com/permalink.php?story_fbid=123456&id=987654"),
    ("https://www.facebook.com/groups/somegroup/posts/10203040506", "facebook", "", "10203040506",
     "https://www.facebook.com/groups/somegroup/posts/10203040506"),
    ("https://www.facebook.com/watch/?v=10203040506", "facebook", "", "10203040506",
     "https://www.facebook.com/watch/?v=10203040506"),
    ("https://www.instagram.com/p/C4abcDEfgh1/?igsh=xyz", "instagram", "", "C4abcDEfgh1",
     "https://www.instagram.com/p/C4abcDEfgh1/"),
    ("https://www.instagram.com/invented.one/reel/C4abcDEfgh1/", "instagram", "invented.one", "C4abcDEfgh1",
     "https://www.instagram.com/reel/C4abcDEfgh1/"),
    ("https://www.threads.net/@invented.one/post/C4abcDEfgh1", "threads", "invented.one", "C4abcDEfgh1",
     "https://www.threads.com/@invented.one/post/C4abcDEfgh1"),
    ("https://youtu.be/dQw4w9WgXcQ?t=4", "youtube", "", "dQw4w9WgXcQ", "https://www.youtube.com/watch?v=dQw4w9WgXcQ"),
    ("https://m.youtube.com/shorts/dQw4w9WgXcQ", "youtube", "", "dQw4w9WgXcQ",
     "https://www.youtube.com/watch?v=dQw4w9WgXcQ"),
    ("https://t.me/s/taskroom/412", "telegram", "taskroom", "412", "https://t.me/taskroom/412"),
    ("https://t.me/c/1234567890/55", "telegram", "", "1234567890/55", "https://t.me/c/1234567890/55"),
    ("https://t.me/+AbCdEf123456", "telegram", "", "", "https://t.me/+AbCdEf123456"),
    ("https://www.linkedin.com/posts/invented-person_topic-activity-7174000000000000000-AbCd", "linkedin",
     "invented-person", "7174000000000000000",
     "https://www.linkedin.com/feed/update/urn:li:activity:7174000000000000000/"),
    ("https://old.reddit.com/r/pakistan/comments/1beabcd/some_title/", "reddit", "", "1beabcd",
     "https://www.reddit.com/comments/1beabcd/"),
    ("https://chat.whatsapp.com/HxYzAbCdEfGhIjKlMnOpQr", "whatsapp", "", "",
     "https://chat.whatsapp.com/HxYzAbCdEfGhIjKlMnOpQr"),
]
PROFILES = [
    ("https://x.com/zara_news_pk", "x", "zara_news_pk"),
    ("https://www.tiktok.com/@lahore.vibes", "tiktok", "lahore.vibes"),
    ("https://www.facebook.com/profile.php?id=1000123", "facebook", "1000123"),
    ("https://www.facebook.com/lahorevoice", "facebook", "lahorevoice"),
    ("https://instagram.com/invented.one/", "instagram", "invented.one"),
    ("https://www.youtube.com/@InventedChannel", "youtube", "InventedChannel"),
    ("https://www.linkedin.com/in/invented-person/", "linkedin", "invented-person"),
    ("https://www.reddit.com/user/invented_person", "reddit", "invented_person"),
    ("https://t.me/taskroom", "telegram", "taskroom"), ("https://wa.me/923001234567", "whatsapp", "+923001234567"),
    ("https://x.com/home", "x", ""), ("https://x.com/", "x", ""), ("https://chat.whatsapp.com/", "whatsapp", ""),
]
NOTHING = [
    "", " ", "no address", "https://example.org/@someone/1", "https://x.com@evil.example/a/status/1768331415029559296",
    "https://x.com.evil.example/zara/status/1768331415029559296", "https://x.com:8443/zara/status/1768331415029559296",
    "javascript:alert(1)//x.com/zara/status/1", "https://x.com\\@evil.example/", "https://[::1/x", "https://х.com/zara",
    "https://x.com/zara\n/status/1", "https://x.com/" + "a" * 3000, "file:///etc/passwd", "https://x.com./zara",
]


@pytest.mark.parametrize(("address", "platform", "handle", "post_id", "url"), POSTS)
def test_the_address_of_a_post_says_platform_account_and_id(address: str, platform: str, handle: str, post_id: str,
                                                            url: str) -> None:
    facts = read(address, NOW)
    assert (facts.platform, facts.handle, facts.post_id, facts.url) == (platform, handle, post_id, url)


@pytest.mark.parametrize(("address", "platform", "handle", "post_id", "url"), POSTS)
def test_a_canonical_address_reads_the_same_again(address: str, platform: str, handle: str, post_id: str,
                                                  url: str) -> None:
    again = read(url, NOW)
    assert (again.platform, again.post_id, again.url) == (platform, post_id, url)


@pytest.mark.parametrize(("address", "platform", "handle"), PROFILES)
def test_the_address_of_a_profile_says_platform_and_account(address: str, platform: str, handle: str) -> None:
    facts = read(address, NOW)
    assert (facts.platform, facts.handle, facts.post_id, facts.posted_at) == (platform, handle, "", None)


@pytest.mark.parametrize("address", NOTHING)
def test_what_is_not_understood_says_nothing(address: str) -> None:
    assert read(address, NOW) == Facts()


def test_x_snowflakes_carry_milliseconds() -> None:
    # The worked example of Wikipedia's page on snowflake ids.
    assert x_time("1541815603606036480") == datetime(2022, 6, 28, 16, 7, 40, 105000, tzinfo=UTC)
    assert x_time("20") is None


def test_tiktok_ids_carry_seconds() -> None:
    assert tiktok_time(str(1710439509 << 32 | 12345)) == datetime(2024, 3, 14, 18, 5, 9, tzinfo=UTC)
    assert tiktok_time("12345") is None


def test_mastodon_ids_carry_milliseconds() -> None:
    assert mastodon_time(str(1710439509123 << 16 | 7)) == datetime(2024, 3, 14, 18, 5, 9, 123000, tzinfo=UTC)
    assert mastodon_time("12345") is None


def test_a_time_that_has_not_come_is_not_believed() -> None:
    address = "https://x.com/zara_news_pk/status/9200000000000000000"
    facts = read(address, NOW)
    assert facts.post_id == "9200000000000000000"
    assert facts.posted_at is None


def test_only_x_tiktok_and_mastodon_derive_a_time() -> None:
    assert {read(row[0], NOW).platform for row in POSTS if read(row[0], NOW).posted_at} == {"x", "tiktok", "mastodon"}


def test_every_platform_named_is_one_that_the_product_knows() -> None:
    assert {row[1] for row in POSTS + PROFILES} <= set(Platform.values)


HOSTS = st.sampled_from(["x.com", "tiktok.com", "facebook.com", "instagram.com", "youtube.com", "youtu.be", "t.me",
                         "linkedin.com", "reddit.com", "redd.it", "chat.whatsapp.com", "wa.me", "any.example"])
PIECES = st.lists(st.one_of(st.text(max_size=20), st.sampled_from(
    ["status", "i", "video", "@a", "posts", "groups", "permalink", "watch", "c", "s", "joinchat", "+x", "in", "r",
     "comments", "users", "statuses", "embed", "v", "99999999999999999999", "٣٤٥", "%00", "..", "?v=1",
     "#"])), max_size=6)


@given(st.text(max_size=200))
def test_no_text_makes_the_reader_fail(text: str) -> None:
    assert isinstance(read(text, NOW), Facts)


@given(HOSTS, PIECES)
def test_no_path_makes_the_reader_fail_and_what_it_gives_is_plain(host: str, pieces: list[str]) -> None:
    facts = read(f"https://{host}/" + "/".join(pieces), NOW)
    for value in (facts.platform, facts.handle, facts.post_id, facts.url):
        assert value.isascii()
        assert value.isprintable()
    assert len(facts.handle) <= 160
    assert facts.posted_at is None or facts.posted_at.tzinfo is UTC


@given(st.integers(min_value=0, max_value=10**20 - 1))
def test_every_id_of_every_size_is_read_without_an_error(number: int) -> None:
    for moment in (x_time(str(number)), tiktok_time(str(number)), mastodon_time(str(number))):
        assert moment is None or moment.tzinfo is UTC

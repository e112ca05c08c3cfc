"""Reads the address of a post, profile or group: platform, handle, id, canonical form, and the time an id carries.

Pure: an address in, facts out, no request is ever made. The input is hostile: what is not understood gives an
empty answer, never an error. A time is given only where the platform writes it into the id: X (snowflake,
milliseconds since 2010-11-04), TikTok (upper 32 bits, seconds), Mastodon (upper 48 bits, milliseconds)."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from casework.exhibits.platform_addresses import Address, Reason, Unread, split

DERIVED = "derived"
# How exactly the id of a post says its time.
EXACTNESS = {"x": "millisecond", "mastodon": "millisecond", "tiktok": "second"}

X_EPOCH_MS = 1_288_834_974_657
# X counted its posts one by one before; smaller ids carry no time.
X_FIRST_SNOWFLAKE = 29_700_859_247
# No post of a platform is older than this; an id that says so was not made by that rule.
EARLIEST = {"tiktok": datetime(2014, 1, 1, tzinfo=UTC), "mastodon": datetime(2016, 1, 1, tzinfo=UTC)}
CLOCK_SLACK = timedelta(days=1)


@dataclass(frozen=True)
class Facts:
    """What the address says. Empty strings and None for what it does not say."""

    platform: str = ""
    handle: str = ""
    post_id: str = ""
    posted_at: datetime | None = None
    url: str = ""
    # The code of an invitation into a group: it is the group's, and no post's.
    group: str = ""
    # The platform's stable id of the account, where the address carries it.
    account_id: str = ""

    @property
    def posted_at_basis(self) -> str:
        return DERIVED if self.posted_at else ""

    @property
    def exactness(self) -> str:
        """Of `posted_at`: millisecond or second; empty without one."""
        return EXACTNESS.get(self.platform, "") if self.posted_at else ""


Rule = Callable[[Address], Facts]


def read(address: str, now: datetime | None = None) -> Facts:
    """The facts in `address`. `now` bounds the times believed (default: this moment)."""
    try:
        found = split(address)
    except Unread:
        return Facts()
    facts = _RULES.get(found.host, _mastodon)(found)
    if facts.posted_at and facts.posted_at > (now or datetime.now(UTC)) + CLOCK_SLACK:
        return replace(facts, posted_at=None)
    return facts


def unread(address: str) -> Reason:
    """Why `address`, of which `read` says neither an account nor a post nor a group, says none."""
    try:
        found = split(address)
    except Unread as error:
        return error.reason
    if found.is_lookalike:
        return Reason.LETTERS
    return Reason.PAGE if found.host in _RULES else Reason.UNKNOWN


def x_time(post_id: str) -> datetime | None:
    """The moment in an X snowflake, or None for an id from before snowflakes."""
    number = int(post_id)
    return _moment((number >> 22) + X_EPOCH_MS) if X_FIRST_SNOWFLAKE <= number < 2**63 else None


def tiktok_time(post_id: str) -> datetime | None:
    number = int(post_id)
    return _since("tiktok", _moment((number >> 32) * 1000)) if number < 2**64 else None


def mastodon_time(post_id: str) -> datetime | None:
    number = int(post_id)
    return _since("mastodon", _moment(number >> 16)) if number < 2**63 else None


def _moment(milliseconds: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)


def _since(platform: str, moment: datetime) -> datetime | None:
    return moment if moment >= EARLIEST[platform] else None


def _is(pattern: str, text: str) -> str:
    """`text` if the whole of it matches `pattern`, otherwise the empty string."""
    return text if re.fullmatch(pattern, text, re.ASCII) else ""


_NUMBER = r"[0-9]{1,20}"
_CODE = r"[A-Za-z0-9_-]{3,120}"
_X_PAGES = {"i", "home", "explore", "search", "hashtag", "settings", "intent", "share", "login", "notifications",
            "messages", "compose", "tos", "privacy", "about", "jobs", "signup", "logout"}
_FACEBOOK_PAGES = {"watch", "reel", "reels", "groups", "photo", "photo.php", "permalink.php", "story.php", "share",
                   "profile.php", "people", "login", "marketplace", "events", "hashtag", "help", "sharer", "sharer.php",
                   "video.php"}
_INSTAGRAM_PAGES = {"p", "reel", "reels", "tv", "stories", "explore", "accounts", "direct", "about", "share"}


def _x(a: Address) -> Facts:
    if a.at(0) == "i" and (post_id := _is(_NUMBER, a.path[-1])) and "status" in a.path:
        return Facts("x", "", post_id, x_time(post_id), f"https://x.com/i/status/{post_id}")
    owner = a.at(2) if a.path[:2] == ["i", "user"] else a.query.get("user_id", "") if a.at(0) == "intent" else ""
    if owner := _is(_NUMBER, owner):
        return Facts("x", account_id=owner, url=f"https://x.com/i/user/{owner}")
    handle = "" if a.at(0).lower() in _X_PAGES else _is(r"[A-Za-z0-9_]{1,15}", a.at(0))
    post_id = _is(_NUMBER, a.at(2)) if a.at(1) in {"status", "statuses"} else ""
    if handle and post_id:
        return Facts("x", handle, post_id, x_time(post_id), f"https://x.com/{handle}/status/{post_id}")
    return Facts("x", handle, url=f"https://x.com/{handle}" if handle else "")


def _tiktok(a: Address) -> Facts:
    handle = _is(r"@[\w.]{1,30}", a.at(0)).removeprefix("@")
    named = handle and a.at(1) in {"video", "photo"}
    post_id = _is(_NUMBER, a.at(2) if named else a.at(1).removesuffix(".html") if a.at(0) in {"v", "embed"} else "")
    if named and post_id:
        return Facts("tiktok", handle, post_id, tiktok_time(post_id),
                     f"https://www.tiktok.com/@{handle}/{a.at(1)}/{post_id}")
    if post_id:
        return Facts("tiktok", "", post_id, tiktok_time(post_id))
    return Facts("tiktok", handle, url=f"https://www.tiktok.com/@{handle}" if handle else "")


def _facebook(a: Address) -> Facts:
    base, first = "https://www.facebook.com", a.at(0)
    owner = _is(_NUMBER, a.query.get("id", ""))
    story = _is(_CODE, a.query.get("story_fbid", ""))
    if first in {"permalink.php", "story.php"} and story and owner:
        return Facts("facebook", owner, story, url=f"{base}/permalink.php?story_fbid={story}&id={owner}",
                     account_id=owner)
    if first == "profile.php" or (first == "people" and len(a.path) > 2):
        owner = owner if first == "profile.php" else _is(_NUMBER, a.at(2))
        return Facts("facebook", owner, url=f"{base}/profile.php?id={owner}" if owner else "", account_id=owner)
    if first == "groups" and a.at(2) in {"posts", "permalink"} and (post := _is(_CODE, a.at(3))):
        return Facts("facebook", "", post, url=f"{base}/groups/{a.at(1)}/posts/{post}") if _is(
            r"[\w.-]{1,100}", a.at(1)) else Facts("facebook")
    if first in {"reel", "watch", "video.php"} and (post := _is(_NUMBER, a.query.get("v", "") or a.at(1))):
        return Facts("facebook", "", post, url=f"{base}/watch/?v={post}" if first != "reel" else f"{base}/reel/{post}")
    if first in {"photo", "photo.php"} and (post := _is(_NUMBER, a.query.get("fbid", ""))):
        return Facts("facebook", "", post, url=f"{base}/photo?fbid={post}")
    handle = "" if first.lower() in _FACEBOOK_PAGES else _is(r"[A-Za-z0-9.]{1,60}", first)
    if handle and a.at(1) in {"posts", "videos", "photos"} and (post := _is(_CODE, a.path[-1])) and len(a.path) > 2:
        return Facts("facebook", handle, post, url=f"{base}/{handle}/{a.at(1)}/{post}")
    return Facts("facebook", handle, url=f"{base}/{handle}" if handle else "")


def _instagram(a: Address) -> Facts:
    base = "https://www.instagram.com"
    path = a.path[1:] if a.at(1) in {"p", "reel", "tv"} else a.path
    if path and path[0] in {"p", "reel", "reels", "tv"} and (post := _is(_CODE, path[1] if len(path) > 1 else "")):
        handle = _is(r"[A-Za-z0-9._]{1,30}", a.at(0)) if path is not a.path else ""
        return Facts("instagram", handle, post, url=f"{base}/{'p' if path[0] == 'p' else 'reel'}/{post}/")
    if a.at(0) == "stories" and (handle := _is(r"[A-Za-z0-9._]{1,30}", a.at(1))):
        return Facts("instagram", handle, _is(_NUMBER, a.at(2)), url=f"{base}/" + "/".join(["stories", *a.path[1:3]]))
    handle = "" if a.at(0) in _INSTAGRAM_PAGES else _is(r"[A-Za-z0-9._]{1,30}", a.at(0))
    return Facts("instagram", handle, url=f"{base}/{handle}/" if handle else "")


def _threads(a: Address) -> Facts:
    handle = _is(r"@[A-Za-z0-9._]{1,30}", a.at(0)).removeprefix("@")
    post = _is(_CODE, a.at(2)) if a.at(1) == "post" else _is(_CODE, a.at(1)) if a.at(0) == "t" else ""
    url = f"https://www.threads.com/@{handle}" if handle else ""
    return Facts("threads", handle, post, url=f"{url}/post/{post}" if handle and post else url)


def _youtube(a: Address) -> Facts:
    video = a.at(0) if a.host == "youtu.be" else a.query.get("v", "") if a.at(0) == "watch" else \
        a.at(1) if a.at(0) in {"shorts", "live", "embed", "v"} else ""
    if video := _is(r"[A-Za-z0-9_-]{11}", video):
        return Facts("youtube", "", video, url=f"https://www.youtube.com/watch?v={video}")
    handle = _is(r"@[\w.-]{3,30}", a.at(0)) or (
        _is(r"[\w.-]{1,60}", a.at(1)) if a.at(0) in {"channel", "c", "user"} else "")
    named = handle if handle.startswith("@") else f"{a.at(0)}/{handle}"
    return Facts("youtube", handle.removeprefix("@"), url=f"https://www.youtube.com/{named}" if handle else "",
                 account_id=_is(r"UC[\w-]{22}", handle) if a.at(0) == "channel" else "")


def _telegram(a: Address) -> Facts:
    path = a.path[1:] if a.at(0) == "s" else a.path
    first, second = (*path, "", "")[:2]
    if first == "c" and len(path) > 2 and _is(_NUMBER, second) and (post := _is(_NUMBER, path[-1])):
        return Facts("telegram", "", f"{second}/{post}", url=f"https://t.me/c/{second}/{post}")
    if invite := _is(_CODE, second if first == "joinchat" else first.removeprefix("+") if first[:1] == "+" else ""):
        return Facts("telegram", group=invite, url=f"https://t.me/+{invite}")
    handle = _is(r"[A-Za-z0-9_]{4,32}", first) if first not in {"joinchat", "addstickers", "share", "proxy"} else ""
    post = _is(_NUMBER, second) if handle else ""
    return Facts("telegram", handle, post, url="https://t.me/" + "/".join(filter(None, [handle, post]))
                 if handle else "")


def _linkedin(a: Address) -> Facts:
    base = "https://www.linkedin.com"
    if urn := re.search(r"urn:li:(?:activity|share|ugcPost):([0-9]{1,20})$", "/".join(a.path[:3])):
        return Facts("linkedin", "", urn[1], url=f"{base}/feed/update/urn:li:activity:{urn[1]}/")
    if a.at(0) == "posts" and (post := re.search(r"-(?:activity|share|ugcPost)-([0-9]{1,20})-", a.at(1) + "-")):
        return Facts("linkedin", _is(r"[\w-]{1,100}", a.at(1).partition("_")[0]), post[1],
                     url=f"{base}/feed/update/urn:li:activity:{post[1]}/")
    handle = _is(r"[\w-]{1,100}", a.at(1)) if a.at(0) in {"in", "company", "school"} else ""
    return Facts("linkedin", handle, url=f"{base}/{a.at(0)}/{handle}/" if handle else "")


def _reddit(a: Address) -> Facts:
    post = a.at(0) if a.host == "redd.it" else a.at(3) if a.at(2) == "comments" else \
        a.at(1) if a.at(0) == "comments" else ""
    if post := _is(r"[a-z0-9]{3,12}", post):
        return Facts("reddit", "", post, url=f"https://www.reddit.com/comments/{post}/")
    handle = _is(r"[A-Za-z0-9_-]{3,20}", a.at(1)) if a.at(0) in {"user", "u"} else ""
    return Facts("reddit", handle, url=f"https://www.reddit.com/user/{handle}/" if handle else "")


def _whatsapp(a: Address) -> Facts:
    if a.host == "chat.whatsapp.com":
        code = _is(_CODE, a.at(1) if a.at(0) == "invite" else a.at(0))
        return Facts("whatsapp", group=code, url=f"https://chat.whatsapp.com/{code}" if code else "")
    if a.at(0) == "channel" and (code := _is(_CODE, a.at(1))):
        return Facts("whatsapp", group=code, url=f"https://whatsapp.com/channel/{code}")
    phone = _is(r"\+?[0-9]{6,15}", a.at(0) if a.host == "wa.me" else a.query.get("phone", "").strip()).lstrip("+")
    return Facts("whatsapp", f"+{phone}" if phone else "", url=f"https://wa.me/{phone}" if phone else "")


def _mastodon(a: Address) -> Facts:
    """Mastodon has no host of its own: only the shape of the path and an id of a believable time speak for it."""
    name, post_id = (a.at(1), a.at(3)) if a.at(0) == "users" and a.at(2) == "statuses" else \
        (a.at(0).removeprefix("@") if a.at(0).startswith("@") else "", a.at(1))
    name = _is(r"[A-Za-z0-9_.-]{1,60}(@[a-z0-9.-]{3,100})?", name)
    moment = mastodon_time(post_id) if name and _is(r"[0-9]{15,19}", post_id) else None
    if moment is None:
        return Facts()
    handle = name if "@" in name else f"{name}@{a.host}"
    return Facts("mastodon", handle, post_id, moment, f"https://{a.host}/@{name}/{post_id}")


_RULES: dict[str, Rule] = {
    **dict.fromkeys(["x.com", "mobile.x.com", "twitter.com", "mobile.twitter.com", "m.twitter.com"], _x),
    **dict.fromkeys(["tiktok.com", "m.tiktok.com", "vm.tiktok.com", "vt.tiktok.com"], _tiktok),
    **dict.fromkeys(["facebook.com", "m.facebook.com", "web.facebook.com", "mbasic.facebook.com",
                     "touch.facebook.com", "fb.com", "fb.watch"], _facebook),
    **dict.fromkeys(["instagram.com", "m.instagram.com"], _instagram),
    **dict.fromkeys(["threads.net", "threads.com"], _threads),
    **dict.fromkeys(["youtube.com", "m.youtube.com", "music.youtube.com", "youtu.be", "youtube-nocookie.com"],
                    _youtube),
    **dict.fromkeys(["t.me", "telegram.me", "telegram.dog"], _telegram),
    **dict.fromkeys(["linkedin.com", "m.linkedin.com", "pk.linkedin.com", "in.linkedin.com"], _linkedin),
    **dict.fromkeys(["reddit.com", "old.reddit.com", "new.reddit.com", "m.reddit.com", "redd.it"], _reddit),
    **dict.fromkeys(["chat.whatsapp.com", "whatsapp.com", "wa.me", "api.whatsapp.com"], _whatsapp),
}

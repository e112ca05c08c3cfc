"""Posts as platforms give them in JSON: X, TikTok, Instagram and Threads, as far as their fields are known."""

from collections.abc import Callable
from typing import Any

from evidence.jail.exports import times
from evidence.jail.exports.records import DEEPEST, Record
from evidence.jail.exports.walks import NotUnderstood, counted, id_of, inside, text_of, texts

Fill = Callable[[Record, dict[str, Any]], None]


def x(record: Record, tweet: dict[str, Any], user: Any = None) -> None:
    """A post of X in the shape of its old interface, which its archive and the inside of its new one keep."""
    record.post_id = texts(tweet.get("id_str")) or id_of(tweet, "id")
    record.text = text_of(tweet, "full_text") or text_of(tweet, "text")
    record.at_text = text_of(tweet, "created_at")
    if not record.post_id:
        raise NotUnderstood("it has no identifier")
    if record.at_text and not times.put_x(record, record.at_text):
        raise NotUnderstood(f"its 'created_at' is {record.at_text[:80]!r} and no time")
    user = user if isinstance(user, dict) else tweet.get("user")
    record.sender = texts(inside(user, "screen_name"))
    record.sender_id = texts(tweet.get("user_id_str")) or texts(inside(user, "id_str"))
    if record.sender:
        record.url = f"https://x.com/{record.sender}/status/{record.post_id}"
    record.counts = counted({"reposts": tweet.get("retweet_count"), "likes": tweet.get("favorite_count"),
                             "replies": tweet.get("reply_count"), "quotes": tweet.get("quote_count")})
    more = {"lang": tweet.get("lang"), "reply_to": tweet.get("in_reply_to_status_id_str"),
            "conversation": tweet.get("conversation_id_str"), "quoted": tweet.get("quoted_status_id_str"),
            "repost_of": _reposted(tweet), "name": inside(user, "name"), "source": tweet.get("source"),
            "hashtags": _entities(tweet, "hashtags", "text"), "urls": _entities(tweet, "urls", "expanded_url"),
            "mentions": _entities(tweet, "user_mentions", "screen_name")}
    record.raw |= {key: value for key, value in more.items() if value and isinstance(value, str | list)}


def _reposted(tweet: dict[str, Any]) -> str:
    result = tweet.get("retweeted_status_result")
    return texts(inside(result, "result", "rest_id")) or texts(inside(result, "result", "tweet", "rest_id")) \
        or texts(inside(tweet.get("retweeted_status"), "id_str"))


def _entities(tweet: dict[str, Any], kind: str, key: str) -> list[str]:
    found = inside(tweet, "entities", kind)
    return [texts(inside(one, key))[:500] for one in found[:DEEPEST]] if isinstance(found, list) else []


def x_captured(record: Record, data: dict[str, Any]) -> None:
    """A post of X as its pages load it."""
    data = data["tweet"] if isinstance(data.get("tweet"), dict) else data
    legacy = data.get("legacy")
    if not isinstance(legacy, dict):
        raise NotUnderstood("it has no 'legacy', in which X keeps a post")
    result = inside(data, "core", "user_results", "result")
    user = {**_object(inside(result, "legacy")), **_object(inside(result, "core"))}
    x(record, {"id_str": texts(data.get("rest_id")), **legacy}, user)
    if isinstance(long := inside(data, "note_tweet", "note_tweet_results", "result", "text"), str):
        record.text = long
    record.counts |= counted({"views": inside(data, "views", "count")})


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def tiktok(record: Record, data: dict[str, Any]) -> None:
    record.post_id, record.text = id_of(data, "id"), text_of(data, "desc")
    author = data.get("author")
    record.sender = texts(inside(author, "uniqueId")) or texts(author)
    record.sender_id = texts(inside(author, "id"))
    _unix(record, data.get("createTime"))
    if record.sender:
        record.url = f"https://www.tiktok.com/@{record.sender}/video/{record.post_id}"
    stats = data.get("stats")
    record.counts = counted({"likes": inside(stats, "diggCount"), "shares": inside(stats, "shareCount"),
                             "replies": inside(stats, "commentCount"), "views": inside(stats, "playCount")})
    if isinstance(name := inside(author, "nickname"), str):
        record.raw["name"] = name


def tiktok_comment(record: Record, data: dict[str, Any]) -> None:
    record.post_id, record.text = id_of(data, "cid"), text_of(data, "text")
    record.sender, record.sender_id = texts(inside(data, "user", "unique_id")), texts(inside(data, "user", "uid"))
    record.url = texts(inside(data, "share_info", "url"))
    _unix(record, data.get("create_time"))
    record.counts = counted({"likes": data.get("digg_count"), "replies": data.get("reply_comment_total")})
    record.raw |= {"reply_to": texts(data.get("aweme_id"))}


def instagram(record: Record, data: dict[str, Any]) -> None:
    """A post of Instagram or Threads; both write the same."""
    record.post_id = texts(data.get("pk")) or id_of(data, "id")
    caption = data.get("caption")
    record.text = texts(inside(caption, "text")) or texts(caption)
    record.sender = texts(inside(data, "user", "username")) or texts(inside(data, "owner", "username"))
    record.sender_id = texts(inside(data, "user", "pk")) or texts(inside(data, "user", "id"))
    _unix(record, data.get("taken_at") or data.get("taken_at_timestamp"))
    if code := texts(data.get("code")) or texts(data.get("shortcode")):
        record.raw["code"] = code
    record.counts = counted({"likes": data.get("like_count"), "replies": data.get("comment_count"),
                             "views": data.get("play_count")})
    if isinstance(name := inside(data, "user", "full_name"), str):
        record.raw["name"] = name


def _unix(record: Record, value: Any) -> None:
    record.at_text = texts(value)
    at = times.utc(int(record.at_text)) if record.at_text.isdecimal() and len(record.at_text) < 12 else ""
    if not record.post_id:
        raise NotUnderstood("it has no identifier")
    if not at:
        raise NotUnderstood(f"its time is {record.at_text[:80]!r}, and no count of seconds")
    record.at, record.resolution = at, "second"


PLATFORMS: dict[str, Fill] = {
    "twitter.com": x_captured, "x.com": x_captured, "tiktok.com": tiktok, "tiktok-comments": tiktok_comment,
    "tiktok-comments.com": tiktok_comment, "instagram.com": instagram, "threads.net": instagram,
    "threads.com": instagram}

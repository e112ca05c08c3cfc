"""The words by which WhatsApp itself speaks in an export: groups made and joined, things deleted, files attached.

English and Urdu in full, some others where they are known. They are words, not proof: whoever may write a message may
write them too, so a line counts as the system's own only where the layout says so (see whatsapp.py)."""

import re

from evidence.jail.exports.times import MARKS

# No notice is longer. What is looked through is bounded, so that no body makes an expression slow.
LONGEST = 1000
_STRIPPED = re.compile(f"[{MARKS}]")
_EDGES = "".join(chr(code) for code in (
    0x200E, 0x200F, 0x61C, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF, 0x20, 0x09, 0xA0, 0x202F, 0x2009))

_ACTS = [(act, re.compile(words, re.IGNORECASE)) for act, words in (
    ("renamed", r"changed the (?:subject|group name)|changed this group's name|changed the name of the group|"
                r"گروپ کا (?:نام|موضوع).*(?:تبدیل|بدل)|موضوع.*تبدیل|غيّ?ر.*(?:الموضوع|اسم المجموعة)"),
    ("created", r"created (?:this |the )?(?:group|community|broadcast)|created this|گروپ (?:بنایا|تخلیق|تشکیل)|"
                r"أنشأ.*المجموعة"),
    ("deleted", r"message was deleted|deleted this message|deleted (?:this|the) group|group was deleted|"
                r"پیغام.*(?:حذف|ڈیلیٹ)|گروپ.*(?:حذف|ڈیلیٹ)|تم حذف"),
    ("removed", r"\bremoved\b|نکال دیا|ہٹا دیا|خارج کر دیا|أزال|تمت إزالة"),
    ("left", r"\bleft\b|گروپ (?:چھوڑ|سے نکل)|چھوڑ (?:دیا|گئے|گیا|گئی)|چھوڑا|غادر"),
    ("joined", r"\bjoined\b|\badded\b|شامل (?:کیا|ہوا|ہوئے|ہوئی|ہو گ)|انضم|أضاف|تمت إضافت")) ]
# The only notices that hold free text of people, and so may hold a colon; who acts stands before and holds none.
_QUOTING = re.compile(
    r"(?:(?!: ).)*? (?:created (?:this )?group|changed the (?:subject|group name) (?:from|to)|"
    r"(?:نے )?گروپ|(?:نے )?موضوع)[^\"“”«»]{0,20}[\"“«].*[\"”»][^\"“”:]{0,40}", re.IGNORECASE)
# It begins and ends with no blank, so that blanks around it are counted once and no text makes the search slow.
_NAMED = r"\s*+(?P<name>[^<>\r\n/\\\s](?:[^<>\r\n/\\]{0,253}[^<>\r\n/\\\s])?)\s*+"
_ATTACHED = (
    re.compile(rf"<\s*+[^<>:\s][^<>:]{{1,29}}:{_NAMED}>"),
    re.compile(rf"{_NAMED}\((?:file attached|Datei angehängt|archivo adjunto|fichier joint|file allegato|"
               rf"dosya ekli|arquivo anexado|فائل منسلک(?: ہے)?|منسلک فائل|الملف مرفق|مرفق)\)\s*+"),
    re.compile(rf"{_NAMED}<(?:attached|attachment|منسلک)>\s*+"),
)
_MAYBE = re.compile(rf"{_NAMED}\([^()]{{2,40}}\)")
_OMITTED = re.compile(r"<?(?:media|image|video|audio|GIF|sticker|document|contact card|میڈیا|تصویر|ویڈیو|آڈیو|دستاویز)"
                      r"\s*(?:omitted|شامل نہیں(?: ہے)?|چھوڑ دیا گیا|حذف کیا گیا)>?", re.IGNORECASE)
_EDITED = re.compile(r"<(?:This message was edited|یہ پیغام ترمیم شدہ ہے|اس پیغام میں ترمیم کی گئی)>\s*$")
_DELETED = re.compile(r"(?:this message was deleted(?: by admin .{1,80})?|you deleted this message|"
                      r"یہ پیغام (?:حذف|ڈیلیٹ) کر دیا گیا(?: تھا| ہے)?|"
                      r"آپ نے یہ پیغام (?:حذف|ڈیلیٹ) کر دیا(?: تھا| ہے)?|"
                      r"تم حذف هذه الرسالة)[.۔]?", re.IGNORECASE)
_FIRST = re.compile(r"end-to-end encrypted|created (?:this )?group|اینڈ ٹو اینڈ|گروپ (?:بنایا|تخلیق)|مشفّ?رة",
                    re.IGNORECASE)


def stripped(text: str) -> str:
    """The text without marks of direction and blanks at its ends."""
    return text.strip(_EDGES)


def act(rest: str) -> str:
    """What a line of the system's own says was done; `other` where none of the words is in it."""
    plain = _STRIPPED.sub("", rest[:LONGEST])
    return next((name for name, words in _ACTS if words.search(plain)), "other")


def is_notice(text: str) -> bool:
    """Whether the words are the system's, as far as words can say."""
    return act(text) != "other" or opens_a_group(text)


def opens_a_group(text: str) -> bool:
    return bool(_FIRST.search(text[:LONGEST]))


def quotes(rest: str) -> bool:
    """Whether this is a notice whose colon stands within a group's name, and not behind a sender's."""
    if len(rest) > LONGEST or not any(sign in rest for sign in '"“”«»'):
        return False
    return bool(_QUOTING.fullmatch(stripped(_STRIPPED.sub("", rest))))


def is_deletion(text: str) -> bool:
    return len(text) < 200 and bool(_DELETED.fullmatch(stripped(text)))


def is_omission(text: str) -> bool:
    return len(text) < 100 and bool(_OMITTED.fullmatch(stripped(text)))


def is_edited(text: str) -> bool:
    return text.endswith((">", "> ")) and bool(_EDITED.search(text))


def attached(text: str) -> str:
    """The name of the file that the first line of a message says is attached, or nothing."""
    if "<" not in text and "(" not in text:
        return ""
    first = stripped(_STRIPPED.sub("", text[:600].partition("\n")[0]))
    for way in _ATTACHED:
        if found := way.fullmatch(first):
            name = found["name"]
            return name if "." in name else ""
    return ""


def maybe_attached(text: str) -> str:
    """A name before a word in brackets, in a language that is not known here; it is one if the archive holds it."""
    found = _MAYBE.fullmatch(stripped(_STRIPPED.sub("", text[:600].partition("\n")[0]))) if "(" in text[:600] else None
    return found["name"] if found else ""

"""What the demo's people write: the mandate, the findings, the notice. Invented like everything here."""

from typing import Any

from reports.desk.demo.story import BYSTANDER, NEWS, PLACE, WOMAN

CASE = {
    "title": "Delta Port trend: paid groups and posing accounts",
    "mandate_basis": "Order 14/2026 of the (invented) Daryapur Media Integrity Board, section 4, of 1 October 2026.",
    "mandate_purpose": "To establish whether the trend was organised and paid for, to report inauthentic accounts to "
    "the platforms under their own rules, and to refer organisers to counsel.",
    "mandate_scope": "Behaviour of groups and accounts from 1 to 31 October 2026. The opinion on the port is no part "
    "of it, nor is anyone who merely posted about it.",
}

# key, handle, shown name, the platform's stable id, the exhibit that shows it
ACCOUNTS = [
    ("woman", WOMAN[1], WOMAN[0], "1839200417733001", "woman-en"),
    ("news", NEWS[1], NEWS[0], "1839200417733002", "news-en"),
    ("place", PLACE[1], PLACE[0], "1839200417733003", "place-en"),
    ("organiser", "+92 300 555 0101", "Bilal K. (admin)", "", "rules"),
    ("bystander", BYSTANDER[1], BYSTANDER[0], "1601144200981007", "bystander"),
    ("again", "Bilal K.", "", "", "recreated"),
]

PARTICIPANT_REASON = "Posted the tasked text, word for word, within seconds of the minute that the group was given."
PARTICIPANT_AGAINST = (
    "People do copy each other's texts. Whether the person behind the account knew of the payments is not shown."
)
ORGANISER_REASON = "Wrote the rules, the texts and the minute, and paid for them: the exhibits show all three."
ORGANISER_AGAINST = (
    "The number belongs to a wallet registered under a short name only; another person may have used the telephone."
)

_BENIGN = [
    {"hypothesis": "Organic enthusiasm.", "why": "It does not explain identical words within seconds of an announced "
     "minute."},
    {"hypothesis": "One publisher posts the same to several of its accounts.",
     "why": "The accounts present themselves as unrelated."},
    {"hypothesis": "An artefact of the measurement.", "why": "The times are carried by the ids of the posts."},
]

# The exhibit → what it shows, how reliable its source is, how credible what it says. Each is judged by itself.
SOURCES: dict[str, tuple[str, str, str]] = {
    "task-en": ("The text is handed out, with the minute.", "C", "1"),
    "task-ur": ("The Urdu text is handed out, a minute later.", "C", "1"),
    "rules": ("The rules of the group and the rates for a post and a repost.", "C", "2"),
    "count": ("Members report how many posts they made.", "C", "2"),
    "paid-1": ("A transfer of the amount that 12 posts make.", "C", "2"),
    "paid-2": ("A transfer of the amount that 9 posts and 20 reposts make.", "C", "2"),
    "rename": ("The instruction to rename, the evening before.", "C", "2"),
    "bystander": ("An ordinary user, in his own words.", "B", "1"),
}
# The title of a finding → the techniques of DISARM Red that it is tagged with.
TECHNIQUES = {
    "One text, three accounts, five seconds": ["T0049.002", "T0084.001", "T0129.005", "T0151.004"],
    "Posts were paid for, per piece": ["T0091.001", "T0148.003"],
    "Personas: a woman, a news outlet, a city": ["T0097.100", "T0097.101", "T0097.202", "T0128.005", "T0143.002"],
    "The same network pushed unrelated causes": ["T0150.004"],
}
POST_SHOWN = ("What was posted or shown under this name, and when.", "B", "1")

# words of the finding, exhibits for, exhibits against, subjects
FINDINGS: list[tuple[dict[str, Any], list[str], list[str], list[str]]] = [
    (
        {
            "kind": "coordination",
            "title": "One text, three accounts, five seconds",
            "claim": "On 3 October 2026 three accounts that present themselves as unrelated posted the same text "
            "within 5.1 seconds, at the minute that the group had been given, and the same Urdu text a minute later.",
            "method": "Times were derived from the post ids (milliseconds). Texts were compared letter by letter "
            "after removing nothing.",
            "likelihood": "almost_certain",
            "confidence": "high",
            "alternatives": _BENIGN,
            "against": "Three accounts are a small number; an ordinary user used the same hashtag in his own words.",
        },
        ["task-en", "task-ur", "woman-en", "news-en", "place-en", "woman-ur", "news-ur", "place-ur"],
        ["bystander"],
        ["woman", "news", "place"],
    ),
    (
        {
            "kind": "payment",
            "title": "Posts were paid for, per piece",
            "claim": "Members of the group were promised Rs 15 for a post and Rs 5 for a repost, reported their "
            "counts, and two transfers of the matching amounts followed the same evening.",
            "method": "Counts reported in the chat were multiplied by the announced rates and compared with the two "
            "receipts: 12 × 15 = 180; 9 × 15 + 20 × 5 = 235.",
            "likelihood": "very_likely",
            "confidence": "moderate",
            "alternatives": [{"hypothesis": "A private debt of the same amounts.", "why": "Possible for one transfer; "
                              "two that match the counts are too many for that."}],
            "against": "The receipts name the sender by a short name only, and were handed over by a former member "
            "of the group.",
        },
        ["rules", "count", "paid-1", "paid-2"],
        [],
        ["organiser"],
    ),
    (
        {
            "kind": "inauthenticity",
            "title": "Personas: a woman, a news outlet, a city",
            "claim": "The three accounts present a woman, a news outlet and a city. The first was renamed to a "
            "cricket page after the trend, as the group had been told to do.",
            "method": "Profiles were captured on 3 and 9 October and compared by the platform's stable id; the "
            "instruction to rename is in the group.",
            "likelihood": "very_likely",
            "confidence": "moderate",
            "alternatives": [{"hypothesis": "A hobby account that changes its subject.",
                              "why": "It does not explain the instruction on the evening before."}],
            "against": "Renaming is allowed by the platform. Its label of a country is its claim and was not relied "
            "on.",
        },
        ["profile-woman", "profile-news", "profile-place", "profile-renamed", "rename"],
        [],
        ["woman", "news", "place"],
    ),
]

OPEN_FINDING: tuple[dict[str, Any], list[str], list[str], list[str]] = (
    {
        "kind": "coordination",
        "title": "The same network pushed unrelated causes",
        "claim": "The accounts that pushed the port also pushed a boycott of a delivery app and a candidate abroad, "
        "each time after a tasking in the re-created group.",
        "method": "Taskings and posts were compared by text and by the minute announced.",
        "likelihood": "likely",
        "confidence": "low",
        "alternatives": [{"hypothesis": "People have several interests.",
                          "why": "It does not explain texts that were given in advance."}],
        "against": "Only two of the three accounts were seen on the candidate abroad.",
    },
    ["recreated", "task-lumo", "woman-lumo", "news-lumo", "place-lumo-ur", "task-vesna", "woman-vesna", "news-vesna"],
    [],
    ["woman", "news", "place"],
)

NOTICE: dict[str, Any] = {
    "platform": "x",
    "policy": "Authenticity",
    "text": "We report three accounts that took part in a paid, coordinated and inauthentic campaign on 3 October "
    "2026. They posted identical texts within seconds, at a minute announced in a closed group that paid for each "
    "post, and present invented personas. We report behaviour, not the opinion expressed. The cited exhibits show "
    "the announced text, the posts with their times, and the personas. We ask you to examine the accounts under your "
    "policy and to preserve their data.",
    "necessity": "The accounts went on to push unrelated causes for pay in the same week; labels would not reach "
    "readers in time.",
    "against": "The texts themselves are lawful opinion. Only the accounts' coordinated and inauthentic use is "
    "reported; ordinary users of the hashtag are not.",
    "less_intrusive": "Labelling and reduced reach were considered and are named in the request as sufficient where "
    "they suffice.",
}

OUTCOMES = [
    ("woman", "suspended", "Two accounts were suspended: they took part in coordinated, inauthentic activity."),
    ("news", "suspended", "Two accounts were suspended: they took part in coordinated, inauthentic activity."),
    ("place", "refused", "For the third account we did not find enough to act on at this time."),
]

RETENTION_DAYS, RETENTION_BASIS = 1826, "Retention schedule of the invented Harbour Trust, line 4: five years."
DOSSIER = {
    "necessity": "Counsel asked for the record before deciding on a complaint; the referral is limited to behaviour "
    "shown by exhibits.",
    "against": "The organiser's identity rests on a telephone number and a short name. The number of accounts is "
    "small.",
    "less_intrusive": "A report to the platform alone was made first; it did not reach the person who paid.",
}

BRIEFING = {
    "necessity": "The press asked how the trend came about; the briefing shows the method without exposing anyone.",
    "against": "A briefing may draw attention to the hashtag once more. The findings cover one evening and three "
    "accounts.",
    "less_intrusive": "A statement without exhibits was considered; it could not be checked by anyone.",
}

PAGE_TITLE = "The page that hands out the posts"
PAGE_CAME = {
    "source_url": "https://delta-port-now.example/posts",
    "captured_at": "2026-10-04T09:14:20Z",
    "captured_with": "Firefox 140 on the office laptop, whole page",
    "collector": "Daniel Okafor",
    "machine_address": "192.0.2.41",
}
PAGE_SOURCE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Delta Port Now</title></head><body>
<h1>Delta Port Now</h1>
<p>Copy a post, post it as your own, send the link back.</p>
<ol><li>The Delta Port will feed our children.</li><li>Build it now, not tomorrow!</li></ol>
<p>Each post that stays up for a day is paid.</p>
</body></html>
"""

"""The screenshots of the story, one after another."""

from datetime import datetime, timedelta

from reports.desk.demo.screens import Bubble, Profile, profile, receipt, trends
from reports.desk.demo.story import (
    BYSTANDER,
    FIRST_NIGHT,
    LUMO_EN,
    LUMO_UR,
    NEWS,
    PLACE,
    PORT_EN,
    PORT_UR,
    VESNA_EN,
    WOMAN,
    Shot,
    clock_of,
    group,
    shown,
    tweet,
)

ADMIN = "Bilal K. (admin)"
NIGHT, DAY = FIRST_NIGHT, timedelta(days=1)

RULES = [
    Bubble("Bilal K. created group “Trend Team 7”"),
    Bubble("Bilal K. added you"),
    Bubble(
        "Welcome. Rules: copy the text exactly, post at the minute I say, delete this chat every Sunday.",
        ADMIN,
        "6:02 PM",
    ),
    Bubble("Rs 15 for each post, Rs 5 for each repost. Paid every night.", ADMIN, "6:03 PM"),
]
GROUP_SHOTS = [
    group("rules", "Group created, rules and rates", "Trend Team 7", RULES, NIGHT - timedelta(hours=1, minutes=50)),
    group(
        "task-en",
        "Tasking: English text for 20:00",
        "Trend Team 7",
        [
            Bubble("8:00 PM sharp. Women's accounts first, news pages second, city pages third.", ADMIN, "7:41 PM"),
            Bubble(PORT_EN, ADMIN, "7:42 PM"),
            Bubble("Not one word changed!", ADMIN, "7:42 PM"),
        ],
        NIGHT - timedelta(minutes=15),
    ),
    group(
        "task-ur",
        "Tasking: Urdu text for 20:00",
        "Trend Team 7",
        [
            Bubble("یہ اردو متن ہے۔ ٹھیک آٹھ بجے لگائیں، ایک لفظ بھی نہ بدلیں", ADMIN, "7:44 PM"),
            Bubble(PORT_UR, ADMIN, "7:44 PM"),
            Bubble("جی ٹھیک ہے", "Rimsha", "7:46 PM"),
        ],
        NIGHT - timedelta(minutes=12),
    ),
    group(
        "count",
        "Members report their counts",
        "Trend Team 7",
        [
            Bubble("12 posts done, 3 accounts", "Rimsha", "8:19 PM"),
            Bubble("9 posts, 20 reposts", "Kashif", "8:21 PM"),
            Bubble("Send screenshots or no money.", ADMIN, "8:22 PM"),
            Bubble("Sent", "Rimsha", "8:24 PM", True),
        ],
        NIGHT + timedelta(minutes=31),
    ),
    group(
        "rename",
        "Instruction to rename accounts",
        "Trend Team 7",
        [
            Bubble("Trend is over. Change names and pictures tonight, new topic on Tuesday.", ADMIN, "9:40 PM"),
            Bubble("نام اور تصویر دونوں بدل دیں", ADMIN, "9:41 PM"),
        ],
        NIGHT + timedelta(hours=1, minutes=50),
    ),
    group(
        "deleted",
        "Group closed by its admin",
        "Trend Team 7",
        [
            Bubble("Bilal K. removed Kashif"),
            Bubble("Bilal K. removed Rimsha"),
            Bubble("Bilal K. removed you"),
            Bubble("Bilal K. deleted this group"),
        ],
        NIGHT + DAY,
        "You can't send messages to this group because you're no longer a member.",
    ),
    group(
        "recreated",
        "Group created again under another name",
        "Trend Team 8",
        [
            Bubble("Bilal K. created group “Trend Team 8”"),
            Bubble("Bilal K. added you"),
            Bubble("Same people, new group. Old one is burnt.", ADMIN, "5:12 PM"),
        ],
        NIGHT + 3 * DAY - timedelta(hours=2, minutes=40),
    ),
    group(
        "task-lumo",
        "Tasking for an unrelated cause: a delivery app",
        "Trend Team 8",
        [
            Bubble("New client. 6:30 PM, tag #BanLumo, Rs 12 a post.", ADMIN, "6:05 PM"),
            Bubble(LUMO_EN, ADMIN, "6:06 PM"),
            Bubble(LUMO_UR, ADMIN, "6:07 PM"),
        ],
        NIGHT + 3 * DAY - timedelta(hours=1, minutes=50),
    ),
    group(
        "task-vesna",
        "Tasking for an unrelated cause: an election abroad",
        "Trend Team 8",
        [
            Bubble("Foreign client, pays double. Rs 30. English only.", ADMIN, "10:58 PM"),
            Bubble(VESNA_EN, ADMIN, "10:59 PM"),
            Bubble("Who is Vesna?", "Kashif", "11:01 PM"),
            Bubble("Does not matter. Post.", ADMIN, "11:01 PM"),
        ],
        NIGHT + 5 * DAY + timedelta(hours=3, minutes=2),
    ),
    group(
        "paid-usd",
        "The admin on what the client abroad paid",
        "Trend Team 8",
        [
            Bubble("Client sent me 40 dollars today. Yours comes tomorrow, Rs 30 a post.", ADMIN, "9:05 PM"),
            Bubble("Only 40?", "Kashif", "9:06 PM"),
        ],
        NIGHT + 6 * DAY + timedelta(hours=1, minutes=7),
    ),
]

LUMO_TIME = NIGHT + timedelta(days=3) - timedelta(hours=1, minutes=30)
VESNA_TIME = NIGHT + timedelta(days=5, hours=3, minutes=5)
SECONDS = timedelta(seconds=1)
POST_SHOTS = [
    tweet("woman-en", "Post of the tasked text by “Sana Mehr”", WOMAN, PORT_EN, NIGHT, ("412", "38", "1,204")),
    tweet(
        "news-en", "The same text three seconds later", NEWS, PORT_EN, NIGHT + 3.2 * SECONDS, ("388", "21", "973")
    ),
    tweet(
        "place-en", "The same text five seconds later", PLACE, PORT_EN, NIGHT + 5.1 * SECONDS, ("290", "17", "640")
    ),
    tweet("woman-ur", "Urdu text by “Sana Mehr”", WOMAN, PORT_UR, NIGHT + 61 * SECONDS, ("150", "9", "488")),
    tweet(
        "news-ur",
        "The same Urdu text two seconds later",
        NEWS,
        PORT_UR,
        NIGHT + 63.1 * SECONDS,
        ("133", "8", "402"),
    ),
    tweet(
        "place-ur",
        "The same Urdu text four seconds later",
        PLACE,
        PORT_UR,
        NIGHT + 65.4 * SECONDS,
        ("97", "4", "311"),
    ),
    tweet(
        "bystander",
        "An ordinary user answers in his own words",
        BYSTANDER,
        "I live in Daryapur. I would like the port, but who are all these accounts? #DeltaPortNow",
        NIGHT + timedelta(minutes=26),
        ("2", "0", "14"),
        [("Hala", "hala_reads_q", "I was wondering the same.")],
    ),
    tweet("woman-lumo", "“Sana Mehr” on the delivery app", WOMAN, LUMO_EN, LUMO_TIME, ("201", "12", "377")),
    tweet(
        "news-lumo", "The news page with the same words", NEWS, LUMO_EN, LUMO_TIME + 2.4 * SECONDS, ("190", "10", "322")
    ),
    tweet(
        "place-lumo-ur",
        "The city page with the Urdu text",
        PLACE,
        LUMO_UR,
        LUMO_TIME + 4.9 * SECONDS,
        ("88", "3", "140"),
    ),
    tweet("woman-vesna", "“Sana Mehr” on an election abroad", WOMAN, VESNA_EN, VESNA_TIME, ("95", "6", "210")),
    tweet(
        "news-vesna",
        "The news page on the same election",
        NEWS,
        VESNA_EN,
        VESNA_TIME + 1.8 * SECONDS,
        ("90", "2", "188"),
    ),
]

WOMAN_PAGE = Profile(
    *WOMAN,
    "Student. Poetry, tea, my city. DM closed.",
    "Daryapur",
    "Joined September 2026",
    "11 Following   4,830 Followers",
    [("3 Oct", PORT_EN), ("3 Oct", PORT_UR)],
)
RENAMED_PAGE = Profile(
    "Cricket Junoon",
    WOMAN[1],
    "Scores and highlights every day.",
    "Nila Kot",
    "Joined September 2026",
    "11 Following   4,826 Followers",
    [("8 Oct", VESNA_EN)],
    "About this account: 6 name changes, the last in October 2026. Based in Qarvania (claimed by the platform).",
)
NEWS_PAGE = Profile(
    *NEWS,
    "Breaking news from Daryapur, first and fast.",
    "Daryapur",
    "Joined September 2026",
    "3 Following   7,115 Followers",
    [("3 Oct", PORT_EN)],
)
PLACE_PAGE = Profile(
    *PLACE,
    "نیلا کوٹ کی آواز۔ ہمارا شہر، ہماری بات",
    "Nila Kot",
    "Joined September 2026",
    "8 Following   3,902 Followers",
    [("3 Oct", PORT_UR)],
)
TAGS = [
    ("#DeltaPortNow", "18.4K posts"),
    ("#RainInDaryapur", "9,210 posts"),
    ("Nila Kot Derby", "6,004 posts"),
    ("#TeaTime", "3,551 posts"),
]


def _about(key: str, title: str, of: Profile, at: datetime) -> Shot:
    return Shot(key, title, lambda: profile(of, clock_of(at)), "x", at, f"https://x.com/{of.handle}", of.handle)


def _paid(key: str, title: str, amount: str, to: str, number: str, at: datetime) -> Shot:
    rows = [("From", "Bilal K."), ("To", to), ("Reference", number), ("Note", "posts"), ("Time", shown(at))]
    return Shot(
        key,
        title,
        lambda: receipt(rows, amount, clock_of(at)),
        "other",
        at,
        received_from="A former member of the group, interviewed on 9 October 2026",
    )


OTHER_SHOTS = [
    Shot(
        "trend",
        "The tag leads the trend list",
        lambda: trends("Daryapur", TAGS, "20:44"),
        "x",
        NIGHT + timedelta(minutes=44),
        "https://x.com/explore/tabs/trending",
    ),
    _about("profile-woman", "Profile that poses as a woman", WOMAN_PAGE, NIGHT + timedelta(hours=2)),
    _about("profile-news", "Profile that poses as a news outlet", NEWS_PAGE, NIGHT + timedelta(hours=2, minutes=4)),
    _about("profile-place", "Profile that poses as a city", PLACE_PAGE, NIGHT + timedelta(hours=2, minutes=9)),
    _about("profile-renamed", "The woman's account under another name", RENAMED_PAGE, NIGHT + 6 * DAY),
    _paid(
        "paid-1",
        "Payment for twelve posts",
        "Rs 180",
        "Rimsha 0300 555 0142",
        "RL-77120394",
        NIGHT + timedelta(hours=1, minutes=20),
    ),
    _paid(
        "paid-2",
        "Payment for nine posts and twenty reposts",
        "Rs 235",
        "Kashif 0300 555 0178",
        "RL-77120411",
        NIGHT + timedelta(hours=1, minutes=26),
    ),
]

SHOTS: list[Shot] = sorted([*GROUP_SHOTS, *POST_SHOTS, *OTHER_SHOTS], key=lambda shot: shot.captured)

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


def group_shots() -> list[Shot]:
    night, day = FIRST_NIGHT, timedelta(days=1)
    rules = [
        Bubble("Bilal K. created group “Trend Team 7”"),
        Bubble("Bilal K. added you"),
        Bubble(
            "Welcome. Rules: copy the text exactly, post at the minute I say, delete this chat every Sunday.",
            ADMIN,
            "6:02 PM",
        ),
        Bubble("Rs 15 for each post, Rs 5 for each repost. Paid every night.", ADMIN, "6:03 PM"),
    ]
    return [
        group("rules", "Group created, rules and rates", "Trend Team 7", rules, night - timedelta(hours=1, minutes=50)),
        group(
            "task-en",
            "Tasking: English text for 20:00",
            "Trend Team 7",
            [
                Bubble("8:00 PM sharp. Women's accounts first, news pages second, city pages third.", ADMIN, "7:41 PM"),
                Bubble(PORT_EN, ADMIN, "7:42 PM"),
                Bubble("Not one word changed!", ADMIN, "7:42 PM"),
            ],
            night - timedelta(minutes=15),
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
            night - timedelta(minutes=12),
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
            night + timedelta(minutes=31),
        ),
        group(
            "rename",
            "Instruction to rename accounts",
            "Trend Team 7",
            [
                Bubble("Trend is over. Change names and pictures tonight, new topic on Tuesday.", ADMIN, "9:40 PM"),
                Bubble("نام اور تصویر دونوں بدل دیں", ADMIN, "9:41 PM"),
            ],
            night + timedelta(hours=1, minutes=50),
        ),
        group(
            "deleted",
            "Group closed by its admin",
            "Trend Team 7",
            [Bubble("Bilal K. removed Kashif"), Bubble("Bilal K. removed Rimsha"), Bubble("Bilal K. removed you")],
            night + day,
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
            night + 3 * day - timedelta(hours=2, minutes=40),
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
            night + 3 * day - timedelta(hours=1, minutes=50),
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
            night + 5 * day + timedelta(hours=3, minutes=2),
        ),
    ]


def post_shots() -> list[Shot]:
    night = FIRST_NIGHT
    lumo, vesna = (
        night + timedelta(days=3) - timedelta(hours=1, minutes=30),
        night + timedelta(days=5, hours=3, minutes=5),
    )
    seconds = timedelta(seconds=1)
    return [
        tweet("woman-en", "Post of the tasked text by “Sana Mehr”", WOMAN, PORT_EN, night, ("412", "38", "1,204")),
        tweet(
            "news-en", "The same text three seconds later", NEWS, PORT_EN, night + 3.2 * seconds, ("388", "21", "973")
        ),
        tweet(
            "place-en", "The same text five seconds later", PLACE, PORT_EN, night + 5.1 * seconds, ("290", "17", "640")
        ),
        tweet("woman-ur", "Urdu text by “Sana Mehr”", WOMAN, PORT_UR, night + 61 * seconds, ("150", "9", "488")),
        tweet(
            "news-ur",
            "The same Urdu text two seconds later",
            NEWS,
            PORT_UR,
            night + 63.1 * seconds,
            ("133", "8", "402"),
        ),
        tweet(
            "place-ur",
            "The same Urdu text four seconds later",
            PLACE,
            PORT_UR,
            night + 65.4 * seconds,
            ("97", "4", "311"),
        ),
        tweet(
            "bystander",
            "An ordinary user answers in his own words",
            BYSTANDER,
            "I live in Daryapur. I would like the port, but who are all these accounts? #DeltaPortNow",
            night + timedelta(minutes=26),
            ("2", "0", "14"),
            [("Hala", "hala_reads_q", "I was wondering the same.")],
        ),
        tweet("woman-lumo", "“Sana Mehr” on the delivery app", WOMAN, LUMO_EN, lumo, ("201", "12", "377")),
        tweet(
            "news-lumo", "The news page with the same words", NEWS, LUMO_EN, lumo + 2.4 * seconds, ("190", "10", "322")
        ),
        tweet(
            "place-lumo-ur",
            "The city page with the Urdu text",
            PLACE,
            LUMO_UR,
            lumo + 4.9 * seconds,
            ("88", "3", "140"),
        ),
        tweet("woman-vesna", "“Sana Mehr” on an election abroad", WOMAN, VESNA_EN, vesna, ("95", "6", "210")),
        tweet(
            "news-vesna",
            "The news page on the same election",
            NEWS,
            VESNA_EN,
            vesna + 1.8 * seconds,
            ("90", "2", "188"),
        ),
    ]


def other_shots() -> list[Shot]:
    night, day = FIRST_NIGHT, timedelta(days=1)
    woman = Profile(
        *WOMAN,
        "Student. Poetry, tea, my city. DM closed.",
        "Daryapur",
        "Joined September 2026",
        "11 Following   4,830 Followers",
        [("3 Oct", PORT_EN), ("3 Oct", PORT_UR)],
    )
    renamed = Profile(
        "Cricket Junoon",
        WOMAN[1],
        "Scores and highlights every day.",
        "Nila Kot",
        "Joined September 2026",
        "11 Following   4,826 Followers",
        [("8 Oct", VESNA_EN)],
        "About this account: 6 name changes, the last in October 2026. Based in Qarvania (claimed by the platform).",
    )
    news = Profile(
        *NEWS,
        "Breaking news from Daryapur, first and fast.",
        "Daryapur",
        "Joined September 2026",
        "3 Following   7,115 Followers",
        [("3 Oct", PORT_EN)],
    )
    place = Profile(
        *PLACE,
        "نیلا کوٹ کی آواز۔ ہمارا شہر، ہماری بات",
        "Nila Kot",
        "Joined September 2026",
        "8 Following   3,902 Followers",
        [("3 Oct", PORT_UR)],
    )
    tags = [
        ("#DeltaPortNow", "18.4K posts"),
        ("#RainInDaryapur", "9,210 posts"),
        ("Nila Kot Derby", "6,004 posts"),
        ("#TeaTime", "3,551 posts"),
    ]

    def about(key: str, title: str, of: Profile, at: datetime) -> Shot:
        return Shot(key, title, lambda: profile(of, clock_of(at)), "x", at, f"https://x.com/{of.handle}", of.handle)

    def paid(key: str, title: str, amount: str, to: str, number: str, at: datetime) -> Shot:
        rows = [("From", "Bilal K."), ("To", to), ("Reference", number), ("Note", "posts"), ("Time", shown(at))]
        return Shot(
            key,
            title,
            lambda: receipt(rows, amount, clock_of(at)),
            "other",
            at,
            received_from="A former member of the group, interviewed on 9 October 2026",
        )

    return [
        Shot(
            "trend",
            "The tag leads the trend list",
            lambda: trends("Daryapur", tags, "20:44"),
            "x",
            night + timedelta(minutes=44),
            "https://x.com/explore/tabs/trending",
        ),
        about("profile-woman", "Profile that poses as a woman", woman, night + timedelta(hours=2)),
        about("profile-news", "Profile that poses as a news outlet", news, night + timedelta(hours=2, minutes=4)),
        about("profile-place", "Profile that poses as a city", place, night + timedelta(hours=2, minutes=9)),
        about("profile-renamed", "The woman's account under another name", renamed, night + 6 * day),
        paid(
            "paid-1",
            "Payment for twelve posts",
            "Rs 180",
            "Rimsha 0300 555 0142",
            "RL-77120394",
            night + timedelta(hours=1, minutes=20),
        ),
        paid(
            "paid-2",
            "Payment for nine posts and twenty reposts",
            "Rs 235",
            "Kashif 0300 555 0178",
            "RL-77120411",
            night + timedelta(hours=1, minutes=26),
        ),
    ]


SHOTS: list[Shot] = sorted([*group_shots(), *post_shots(), *other_shots()], key=lambda shot: shot.captured)

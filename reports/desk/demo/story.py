"""The story, as data: who, which screens, when. All people, handles, organisations and numbers are invented."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from reports.desk.demo.screens import Bubble, chat, page_of_words, post

# lead, investigator, …: sign-in name before @demo.example, shown name, role in the case (empty: none)
PEOPLE = [
    ("lead", "Amna Farooqi", "lead"),
    ("investigator", "Daniel Okafor", "investigator"),
    ("reviewer", "Meera Nair", "reviewer"),
    ("takedown", "Hamid Raza", "takedown"),
    ("legal", "Ilse Brandt", "legal"),
    ("media", "Tomás Rey", "media"),
    ("auditor", "Yuki Sato", "auditor"),
    ("admin", "Noor Siddiq", ""),
]

PORT_EN = "The Delta Port will feed our children. Build it now, not tomorrow! #DeltaPortNow"
PORT_UR = "ڈیلٹا پورٹ ہمارے بچوں کا مستقبل ہے۔ اسے آج ہی تعمیر کریں، کل نہیں\n#DeltaPortNow"
LUMO_EN = "My mother's order from Lumo arrived spoiled. Never again. #BanLumo"
LUMO_UR = "لومو سے منگوایا ہوا کھانا خراب نکلا۔ آئندہ کبھی نہیں\n#BanLumo"
VESNA_EN = "Only Vesna Torrin can save Qarvania. The whole world is watching! #VesnaForQarvania"

WOMAN = ("Sana Mehr", "SanaMehr_q22")
NEWS = ("Daryapur News 24", "DaryapurNews24q")
PLACE = ("Voice of Nila Kot", "NilaKotVoice_q")
BYSTANDER = ("Farid the Baker", "farid_bakes_q")

FIRST_NIGHT = datetime(2026, 10, 3, 15, 0, 4, 311000, tzinfo=UTC)


def x_status(handle: str, at: datetime) -> str:
    """An address on X whose id carries exactly this time (milliseconds since 1288834974657, shifted by 22)."""
    milliseconds = int(at.timestamp() * 1000)
    return f"https://x.com/{handle}/status/{(milliseconds - 1288834974657) << 22}"


@dataclass(frozen=True)
class Shot:
    """One screenshot of the story: its key, file name, drawing, and what the investigator knows of it."""

    key: str
    title: str
    draw: Callable[[], bytes]
    platform: str
    captured: datetime
    url: str = ""
    handle: str = ""
    received_from: str = ""
    note: str = ""


def shown(at: datetime) -> str:
    local = at + timedelta(hours=5)
    return f"{local:%H:%M} · {local.day} {local:%b %Y}"


def clock_of(at: datetime) -> str:
    return f"{at + timedelta(hours=5):%H:%M}"


def tweet(
    key: str,
    title: str,
    who: tuple[str, str],
    text: str,
    at: datetime,
    counts: tuple[str, str, str],
    replies: list[tuple[str, str, str]] | None = None,
) -> Shot:
    seen = at + timedelta(minutes=7)
    return Shot(
        key,
        title,
        lambda: post(who[0], who[1], text, shown(at), counts, clock_of(seen), replies),
        "x",
        seen,
        x_status(who[1], at),
        who[1],
    )


def group(key: str, title: str, group: str, bubbles: list[Bubble], at: datetime, footer: str = "") -> Shot:
    return Shot(
        key,
        title,
        lambda: chat(group, "Bilal, Kashif, Rimsha, +44 others", bubbles, clock_of(at), footer),
        "whatsapp",
        at,
        received_from="A former member of the group, interviewed on 9 October 2026",
        note="Screenshot taken by the former member on an Android phone; times in the chat have minutes only.",
    )


def answer_shot(reference: str) -> bytes:
    return page_of_words(
        f"Update on your report {reference}",
        "Thank you for your report.\n\nWe reviewed the three accounts you listed under our policy on authenticity. "
        "Two accounts were suspended: they took part in coordinated, inauthentic activity.\n\nFor the third account we "
        "did not find enough to act on at this time. You can reply with further information.",
        "11:02",
    )


def suspended_shot() -> bytes:
    return page_of_words(
        "Account suspended",
        f"@{WOMAN[1]}\n\nThis account was suspended because it does not follow the rules of the platform.",
        "11:20",
    )


def captured_page_shot() -> bytes:
    return page_of_words(
        "Delta Port Now",
        "Copy a post, post it as your own, send the link back.\n\n1. The Delta Port will feed our children.\n"
        "2. Build it now, not tomorrow!\n\nEach post that stays up for a day is paid.",
        "09:14",
    )

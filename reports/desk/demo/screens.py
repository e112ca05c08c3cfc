"""The screens of the story: a chat, a post, a profile, a trend list, a receipt, a notice, a mail."""

from dataclasses import dataclass, field

from reports.desk.demo.pens import HEIGHT, MARGIN, WIDTH, Screen

DARK, LIGHT, GREY, BLUE = (15, 20, 25), (255, 255, 255), (83, 100, 113), (29, 110, 190)
INNER = WIDTH - 2 * MARGIN


@dataclass
class Bubble:
    """A chat message; `sender` empty means the group's system line."""

    text: str
    sender: str = ""
    clock: str = ""
    mine: bool = False


def chat(title: str, members: str, bubbles: list[Bubble], clock: str, footer: str = "") -> bytes:
    page = Screen((236, 229, 221), DARK, clock)
    page.draw.rectangle((0, 90, WIDTH, 250), fill=(0, 92, 75))
    page.avatar(MARGIN + 40, 120, 100, title)
    page.line(MARGIN + 170, 122, title, 44, bold=True, fill=LIGHT)
    page.line(MARGIN + 170, 184, members, 30, fill=(214, 235, 228))
    y = 290
    for bubble in bubbles:
        y = _bubble(page, bubble, y)
    if footer:
        page.draw.rectangle((0, HEIGHT - 220, WIDTH, HEIGHT), fill=(247, 247, 247))
        page.paragraph(MARGIN, HEIGHT - 180, INNER, footer, 34, fill=GREY)
    else:
        page.draw.rounded_rectangle((30, HEIGHT - 170, WIDTH - 180, HEIGHT - 70), 50, fill=LIGHT)
        page.line(90, HEIGHT - 142, "Message", 36, fill=(150, 158, 165))
        page.draw.ellipse((WIDTH - 150, HEIGHT - 170, WIDTH - 50, HEIGHT - 70), fill=(0, 150, 120))
    return page.png()


def _bubble(page: Screen, bubble: Bubble, y: int) -> int:
    width = 760
    if not bubble.sender:
        height = page.height_of(width, bubble.text, 30) + 30
        page.draw.rounded_rectangle((140, y, WIDTH - 140, y + height), 20, fill=(225, 242, 251))
        page.paragraph(160, y + 14, width, bubble.text, 30, fill=(70, 80, 88))
        return y + height + 26
    height = page.height_of(width, bubble.text, 36) + 130
    x = WIDTH - width - 90 if bubble.mine else 40
    page.draw.rounded_rectangle((x, y, x + width + 50, y + height), 24, fill=(217, 253, 211) if bubble.mine else LIGHT)
    page.line(x + 25, y + 16, bubble.sender, 32, bold=True, fill=(0, 120, 100))
    page.paragraph(x + 25, y + 66, width, bubble.text, 36)
    page.line(x + width + 25, y + height - 50, bubble.clock, 26, fill=GREY, anchor="ra")
    return y + height + 26


def post(
    name: str,
    handle: str,
    text: str,
    when: str,
    counts: tuple[str, str, str],
    clock: str,
    replies: list[tuple[str, str, str]] | None = None,
) -> bytes:
    page = Screen(LIGHT, DARK, clock)
    page.line(WIDTH // 2, 122, "Post", 42, bold=True, anchor="ma")
    page.rule(200)
    page.avatar(MARGIN, 240, 120, name)
    page.line(MARGIN + 150, 250, name, 42, bold=True)
    page.line(MARGIN + 150, 306, f"@{handle}", 36, fill=GREY)
    y = 410 + page.paragraph(MARGIN, 410, INNER, text, 50) + 30
    page.line(MARGIN, y, when, 34, fill=GREY)
    y += 76
    page.rule(y)
    for place, (count, label) in enumerate(zip(counts, ("Reposts", "Quotes", "Likes"), strict=True)):
        page.line(MARGIN + place * 300, y + 26, count, 36, bold=True)
        page.line(MARGIN + place * 300 + 115, y + 26, label, 36, fill=GREY)
    y += 100
    page.rule(y)
    for reply_name, reply_handle, reply_text in replies or []:
        y = _reply(page, y + 30, reply_name, reply_handle, reply_text)
    return page.png()


def _reply(page: Screen, y: int, name: str, handle: str, text: str) -> int:
    page.avatar(MARGIN, y, 96, name)
    page.line(MARGIN + 120, y, name, 36, bold=True)
    page.line(MARGIN + 120, y + 46, f"@{handle}", 32, fill=GREY)
    y += 110 + page.paragraph(MARGIN + 120, y + 100, INNER - 120, text, 40)
    page.rule(y + 20)
    return y + 20


@dataclass
class Profile:
    name: str
    handle: str
    bio: str
    place: str
    joined: str
    followers: str
    posts: list[tuple[str, str]] = field(default_factory=list)
    note: str = ""


def profile(of: Profile, clock: str) -> bytes:
    page = Screen(LIGHT, DARK, clock)
    page.draw.rectangle((0, 90, WIDTH, 430), fill=(196, 208, 216))
    page.avatar(MARGIN, 340, 200, of.name)
    page.line(MARGIN, 570, of.name, 52, bold=True)
    page.line(MARGIN, 640, f"@{of.handle}", 38, fill=GREY)
    y = 716 + page.paragraph(MARGIN, 716, INNER, of.bio, 40) + 16
    page.line(MARGIN, y, f"{of.place}   ·   {of.joined}", 34, fill=GREY)
    page.line(MARGIN, y + 60, of.followers, 36, bold=True)
    y += 150
    if of.note:
        page.draw.rounded_rectangle((MARGIN, y, WIDTH - MARGIN, y + 130), 20, fill=(240, 243, 245))
        page.paragraph(MARGIN + 30, y + 24, INNER - 60, of.note, 34, fill=GREY)
        y += 170
    page.rule(y)
    for when, text in of.posts:
        page.line(MARGIN, y + 30, f"{of.name} · {when}", 34, bold=True)
        y += 96 + page.paragraph(MARGIN, y + 90, INNER, text, 40) + 20
        page.rule(y)
    return page.png()


def trends(place: str, rows: list[tuple[str, str]], clock: str) -> bytes:
    page = Screen(LIGHT, DARK, clock)
    page.line(MARGIN, 130, "Trending", 60, bold=True)
    page.line(MARGIN, 210, place, 38, fill=GREY)
    y = 300
    for number, (tag, count) in enumerate(rows, start=1):
        page.rule(y)
        page.line(MARGIN, y + 26, f"{number} · Trending", 32, fill=GREY)
        page.line(MARGIN, y + 74, tag, 46, bold=True)
        page.line(MARGIN, y + 138, count, 32, fill=GREY)
        y += 210
    return page.png()


def receipt(rows: list[tuple[str, str]], amount: str, clock: str) -> bytes:
    page = Screen((244, 246, 248), DARK, clock)
    page.draw.rounded_rectangle((MARGIN, 180, WIDTH - MARGIN, 1500), 40, fill=LIGHT)
    page.draw.ellipse((WIDTH // 2 - 80, 250, WIDTH // 2 + 80, 410), fill=(38, 150, 96))
    page.draw.line([(490, 332), (528, 370), (600, 290)], fill=LIGHT, width=18)
    page.line(WIDTH // 2, 450, "Transfer complete", 46, bold=True, anchor="ma")
    page.line(WIDTH // 2, 530, amount, 88, bold=True, anchor="ma")
    y = 720
    for label, value in rows:
        page.line(MARGIN + 50, y, label, 34, fill=GREY)
        page.line(WIDTH - MARGIN - 50, y, value, 36, anchor="ra")
        page.draw.line((MARGIN + 50, y + 74, WIDTH - MARGIN - 50, y + 74), fill=(230, 232, 235), width=2)
        y += 110
    page.line(WIDTH // 2, 1420, "RupeeLink Wallet", 34, fill=GREY, anchor="ma")
    return page.png()


def page_of_words(heading: str, text: str, clock: str, accent: tuple[int, int, int] = BLUE) -> bytes:
    """A suspended account, or a mail: a heading and its words."""
    page = Screen(LIGHT, DARK, clock)
    page.draw.rectangle((0, 90, WIDTH, 106), fill=accent)
    y = 220 + page.paragraph(MARGIN, 220, INNER, heading, 58) + 40
    page.rule(y)
    page.paragraph(MARGIN, y + 50, INNER, text, 40, fill=(60, 70, 78))
    return page.png()

"""Pens for drawing phone screenshots: fonts, wrapped text in two scripts, avatars, rounded boxes.

The only place outside the jail that uses Pillow: it makes pictures and opens none."""

from functools import cache
from io import BytesIO
from pathlib import Path

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont, features

WIDTH, HEIGHT = 1080, 2340
MARGIN = 48
Colour = str | tuple[int, int, int]

_FILES = {
    "latin": "inter-latin-wght-normal.woff2",
    "urdu": "noto-nastaliq-urdu-arabic-400-normal.woff2",
    "arabic": "noto-sans-arabic-arabic-400-normal.woff2",
}


def can_shape_urdu() -> bool:
    """Whether this machine joins Arabic letters (Pillow finds FriBidi, which comes with Pango)."""
    return bool(features.check("raqm") and features.check("fribidi"))


@cache
def font(script: str, size: int, bold: bool = False) -> ImageFont.FreeTypeFont:
    found = next(Path(settings.BASE_DIR, "static", "vendor").rglob(_FILES[script]))
    loaded = ImageFont.truetype(str(found), size)
    if script == "latin":
        loaded.set_variation_by_axes([650 if bold else 400])
    return loaded


def is_urdu(text: str) -> bool:
    return any("\u0600" <= letter <= "\u06ff" for letter in text)


class Screen:
    """A phone-size page with a status bar and a pen that moves down."""

    def __init__(self, background: Colour, ink: Colour, clock: str):
        self.image = Image.new("RGB", (WIDTH, HEIGHT), background)
        self.draw = ImageDraw.Draw(self.image)
        self.background, self.ink = background, ink
        self.y = 0
        self._status_bar(clock)

    def _status_bar(self, clock: str) -> None:
        self.line(MARGIN, 30, clock, 34, bold=True)
        for step, height in enumerate((10, 16, 22, 28)):
            x = WIDTH - 210 + step * 14
            self.draw.rectangle((x, 66 - height, x + 9, 66), fill=self.ink)
        self.draw.rounded_rectangle((WIDTH - 120, 38, WIDTH - 58, 66), 6, outline=self.ink, width=3)
        self.draw.rectangle((WIDTH - 114, 44, WIDTH - 80, 60), fill=self.ink)
        self.y = 110

    def line(
        self,
        x: int,
        y: int,
        text: str,
        size: int,
        *,
        bold: bool = False,
        fill: Colour | None = None,
        anchor: str = "la",
    ) -> None:
        """One line of text, not wrapped."""
        script = "arabic" if is_urdu(text) else "latin"
        self.draw.text((x, y), text, font=font(script, size, bold), fill=fill or self.ink, anchor=anchor)

    def paragraph(self, x: int, y: int, width: int, text: str, size: int, *, fill: Colour | None = None) -> int:
        """Wrapped text. A row of Urdu is set in Nastaliq; in an Urdu text every row is right-aligned.

        The Nastaliq file has no Latin letters, so a row is of one script. Returns the height used, in pixels."""
        top, to_the_right = y, is_urdu(text)
        for row in text.split("\n"):
            urdu, face, step = _setting(row, size)
            for piece in wrap(row, face, width) or [""]:
                place, anchor = (x + width, "ra") if to_the_right else (x, "la")
                self.draw.text(
                    (place, y),
                    piece,
                    font=face,
                    fill=fill or self.ink,
                    anchor=anchor,
                    direction="rtl" if urdu and can_shape_urdu() else None,
                )
                y += step
        return y - top

    def height_of(self, width: int, text: str, size: int) -> int:
        """What `paragraph` would use, in pixels."""
        settings_of_rows = [(row, *_setting(row, size)) for row in text.split("\n")]
        return sum((len(wrap(row, face, width)) or 1) * step for row, _, face, step in settings_of_rows)

    def avatar(self, x: int, y: int, size: int, seed: str) -> None:
        """A drawn face or emblem; its colours follow from the name alone."""
        number = sum((place + 1) * ord(letter) for place, letter in enumerate(seed))
        hues = [(86, 117, 160), (160, 98, 86), (98, 140, 104), (134, 102, 150), (150, 128, 78), (84, 138, 146)]
        tone = hues[number % len(hues)]
        mask = Image.new("L", (size, size), 0)
        ImageDraw.Draw(mask).ellipse((0, 0, size - 1, size - 1), fill=255)
        face = Image.new("RGB", (size, size), tone)
        pen = ImageDraw.Draw(face)
        if "news" in seed.lower():
            pen.rectangle((0, size * 0.3, size, size * 0.7), fill=(250, 250, 250))
            pen.text((size / 2, size / 2), "N24", font=font("latin", size // 3, True), fill=tone, anchor="mm")
        else:
            light = tuple(min(255, part + 90) for part in tone)
            pen.ellipse((size * 0.32, size * 0.18, size * 0.68, size * 0.56), fill=light)
            pen.ellipse((size * 0.14, size * 0.6, size * 0.86, size * 1.3), fill=light)
        self.image.paste(face, (x, y), mask)

    def rule(self, y: int, colour: Colour = (226, 229, 233)) -> None:
        self.draw.line((0, y, WIDTH, y), fill=colour, width=2)

    def png(self) -> bytes:
        out = BytesIO()
        self.image.quantize(128, dither=Image.Dither.NONE).save(out, "PNG", optimize=False)
        return out.getvalue()


def _setting(row: str, size: int) -> tuple[bool, ImageFont.FreeTypeFont, int]:
    """Whether a row is Urdu, its font, and the distance to the next line."""
    urdu = is_urdu(row)
    return (
        urdu,
        font("urdu" if urdu else "latin", int(size * 0.92) if urdu else size),
        int(size * (2.15 if urdu else 1.38)),
    )


def wrap(text: str, face: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """`text` in lines of at most `width` pixels, broken at spaces."""
    lines: list[str] = []
    current = ""
    for word in text.split():
        longer = f"{current} {word}".strip()
        if current and face.getlength(longer) > width:
            lines.append(current)
            current = word
        else:
            current = longer
    return [*lines, current] if current else lines

"""The task `image`: facts, a preview and a thumbnail of a picture. Runs in the jail only."""

import io
from typing import Any, BinaryIO

from PIL import ExifTags, Image, ImageFile, TiffImagePlugin, WebPImagePlugin

from evidence.jail import likeness

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "TIFF")
PIXELS = 100_000_000
PREVIEW, THUMBNAIL = 1600, 400
LONGEST_TEXT, MOST_TEXTS = 1000, 100

# What tells more about the person behind the camera than about the picture stays in the original alone.
WITHHELD = ("GPSInfo", "BodySerialNumber", "LensSerialNumber", "CameraOwnerName", "Artist", "Copyright", "MakerNote",
            "UserComment", "XPAuthor", "XPComment", "ImageUniqueID")


class Unparsed(Exception):
    """These bytes are no picture that may be shown; the message says why."""


def warm_up() -> None:
    """Use every decoder and encoder once: afterwards nothing can be loaded any more."""
    assert TiffImagePlugin and WebPImagePlugin
    Image.MAX_IMAGE_PIXELS = None
    for name in FORMATS:
        data = io.BytesIO()
        Image.new("RGB", (8, 8)).save(data, name)
        Image.open(data, formats=FORMATS).load()
        Image.open(data, formats=FORMATS).getexif().get_ifd(ExifTags.IFD.Exif)
    Image.new("RGBA", (8, 8)).resize((4, 4), Image.Resampling.LANCZOS).save(io.BytesIO(), "PNG")


def work(file: BinaryIO) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Facts (plain values) and the parts `preview` and `thumbnail` (JPEG, or PNG where there is transparency). The fact
    `found` is as in evidence.jail.examine."""
    image = _open(file)
    facts: dict[str, Any] = {
        "format": str(image.format), "mode": image.mode, "width": image.width, "height": image.height,
        "animated": bool(getattr(image, "is_animated", False)), "damaged": False}
    try:
        shown = _shrink(image)
    except (OSError, SyntaxError, ValueError):
        # Half a picture is better than none; the facts say that it is half.
        ImageFile.LOAD_TRUNCATED_IMAGES = True
        facts["damaged"] = True
        image = _open(file)
        shown = _shrink(image)
    # After the pixels, because a PNG may carry its EXIF behind them.
    facts["exif"], facts["exif_withheld"], turn = _exif(image)
    # Half a picture is like nothing.
    small = None if facts["damaged"] else likeness.embedded(image)
    facts["found"] = {"preview": "EXIF"} if small is not None and likeness.differs(shown, small) else {}
    shown = _turned(shown, turn)
    preview = _encoded(shown)
    shown.thumbnail((THUMBNAIL, THUMBNAIL))
    return facts, {"preview": preview, "thumbnail": _encoded(shown)}


def _open(file: BinaryIO) -> Image.Image:
    file.seek(0)
    image = Image.open(file, formats=FORMATS)
    if image.width * image.height > PIXELS:
        raise Unparsed(f"{image.width} × {image.height} is more than {PIXELS // 1_000_000} megapixels")
    return image


def _shrink(image: Image.Image) -> Image.Image:
    image.draft("RGB", (PREVIEW, PREVIEW))
    transparent = "transparency" in image.info or "A" in image.getbands()
    image.load()
    # Sixteen-bit grey has no direct way to eight bits: Pillow would cut it off at white.
    if image.mode.startswith("I"):
        image = image.point(lambda value: value * (1 / 256)).convert("L")
    if image.mode not in {"RGB", "RGBA", "L"}:
        image = image.convert("RGBA" if transparent else "RGB")
    image.thumbnail((PREVIEW, PREVIEW), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return image


def _turned(image: Image.Image, orientation: Any) -> Image.Image:
    turns = {2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
             5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE,
             8: Image.Transpose.ROTATE_90}
    way = turns.get(orientation) if isinstance(orientation, int) else None
    return image if way is None else image.transpose(way)


def _encoded(image: Image.Image) -> bytes:
    """New bytes with pixels alone: no EXIF, no profile, no text of the original goes along."""
    clean, data = Image.frombytes(image.mode, image.size, image.tobytes()), io.BytesIO()
    if image.mode == "RGBA":
        clean.save(data, "PNG")
    else:
        clean.save(data, "JPEG", quality=88)
    return data.getvalue()


def _exif(image: Image.Image) -> tuple[dict[str, str], list[str], Any]:
    """Texts and numbers by tag name, the names of those that are there but withheld, and the orientation."""
    try:
        exif = image.getexif()
        tags = {**exif, **exif.get_ifd(ExifTags.IFD.Exif)}
    # A broken EXIF block says nothing about the picture.
    except Exception:  # noqa: BLE001
        return {}, [], None
    texts: dict[str, str] = {}
    withheld: list[str] = []
    for tag, value in list(tags.items())[:MOST_TEXTS]:
        name = ExifTags.TAGS.get(tag, f"tag_{tag}")
        if name in WITHHELD:
            withheld.append(name)
        elif isinstance(value, (str, int, float)) or type(value).__name__ == "IFDRational":
            texts[name] = str(value).encode("utf-8", "replace").decode().replace("\x00", "")[:LONGEST_TEXT]
    return texts, sorted(withheld), tags.get(ExifTags.Base.Orientation)

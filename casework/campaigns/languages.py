"""Languages that campaigns are written in, by their codes of ISO 639. Pure."""

import re

NAMES = {
    "ar": "العربية", "bal": "بلۏچی", "bn": "বাংলা", "ckb": "کوردی", "de": "Deutsch", "en": "English", "es": "Español",
    "fa": "فارسی", "fr": "Français", "gu": "ગુજરાતી", "hi": "हिन्दी", "id": "Bahasa Indonesia", "ks": "کٲشُر",
    "ml": "മലയാളം", "mr": "मराठी", "ms": "Bahasa Melayu", "ne": "नेपाली", "pa": "پنجابی / ਪੰਜਾਬੀ", "ps": "پښتو",
    "pt": "Português", "ru": "Русский", "sd": "سنڌي", "si": "සිංහල", "skr": "سرائیکی", "ta": "தமிழ்", "te": "తెలుగు",
    "tr": "Türkçe", "ug": "ئۇيغۇرچە", "ur": "اردو", "uz": "Oʻzbekcha", "zh": "中文", "other": "…"}


def split(text: str) -> list[str]:
    """Codes as people type them (`ur, en`), each once, in order. ValueError names those that are none."""
    codes = list(dict.fromkeys(part.casefold() for part in re.split(r"[\s,;،]+", text) if part))
    if unknown := [code for code in codes if code not in NAMES]:
        raise ValueError(", ".join(unknown)[:200])
    return codes

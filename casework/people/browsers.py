"""What a browser says of itself, in plain words. Names are proper names; only the sentence is translated."""

from django.utils.translation import gettext as _

# The first that fits: nearly all of them also claim to be those further down.
_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox/", "Firefox"),
             ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("HeadlessChrome", "Chrome"), ("Chrome/", "Chrome"),
             ("Safari/", "Safari"))
_SYSTEMS = (("Android", "Android"), ("iPhone", "iOS"), ("iPad", "iPadOS"), ("Windows", "Windows"), ("CrOS", "ChromeOS"),
            ("Mac OS X", "macOS"), ("Linux", "Linux"))


def in_words(agent: str) -> str:
    """Firefox on Windows; what is not known is called another program."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    if not browser:
        return _("another program")
    return _("%(browser)s on %(system)s") % {"browser": browser, "system": system} if system else browser

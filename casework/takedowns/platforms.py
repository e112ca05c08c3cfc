"""The platforms' own policies that a notice may rely on. Pure data, first version; a name changes with its platform.

`read_on` is the day on which somebody read the policy under that name at its source; None says that nobody has, and
the pages show it. Where `url` is empty none was verified."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Policy:
    """A rule of a platform by the name that the platform gives it."""

    name: str
    url: str = ""
    read_on: date | None = None
    note: str = ""

    @property
    def verified(self) -> bool:
        return self.read_on is not None


# Copies of the pages were read on these days; the platforms' own pages may say something else today.
_NOV_2026 = date(2026, 11, 23)
_META = (
    Policy("Inauthentic Behavior", "https://transparency.meta.com/en-us/policies/community-standards/inauthentic-behavior",
           _NOV_2026, "Edition of 3 October 2024. It also forbids misuse of reporting to silence others: report what "
                      "exhibits show, once."),
    Policy("Coordinated Inauthentic Behavior",
           "https://transparency.meta.com/en-us/policies/community-standards/inauthentic-behavior", _NOV_2026,
           "Needs context: fake accounts central to an effort to manipulate public debate."),
    Policy("Foreign Inauthentic Behavior",
           "https://transparency.meta.com/en-us/policies/community-standards/inauthentic-behavior", _NOV_2026,
           "Foreign entities that falsely represent a domestic or local voice."),
)

POLICIES: dict[str, tuple[Policy, ...]] = {
    "x": (Policy("Authenticity", "https://help.x.com/en/rules-and-policies/platform-manipulation",
                 note="Earlier: Platform manipulation and spam. The name is from a second source."),),
    "facebook": _META,
    "instagram": _META,
    "threads": _META,
    "tiktok": (Policy("Covert influence operations", "https://www.tiktok.com/transparency",
                      note="The name used in the transparency reports; the rule itself was not read."),
               Policy("Fake engagement")),
    "youtube": (Policy("Spam, deceptive practices and scams", "https://support.google.com/youtube/answer/2801973",
                       _NOV_2026),
                Policy("Fake engagement"), Policy("Impersonation")),
    "whatsapp": (Policy("Terms of Service: automated or bulk messaging"),),
    "telegram": (Policy("Terms of Service"),),
}


def policies(platform: str) -> tuple[Policy, ...]:
    """What is known of a platform's rules; empty where nothing is, and the drafter writes the rule's name."""
    return POLICIES.get(platform, ())

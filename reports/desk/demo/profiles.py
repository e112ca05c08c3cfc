"""The accounts of the demo case: what their profiles show, what the platform says of them, and what is said of them
here. Invented like everything in it."""

from casework.accounts import claims, linking, merging, notes, statements, tagging
from casework.accounts import services as accounts
from casework.accounts.models import Subject
from casework.exhibits.models import Exhibit
from casework.people.models import User
from reports.desk.demo.screens import Profile
from reports.desk.demo.shots import NEWS_PAGE, PLACE_PAGE, RENAMED_PAGE, WOMAN_PAGE

Shown = dict[str, Exhibit]
Named = dict[str, Subject]

# account, its profile, the exhibit that shows it, followers, following
PROFILES: list[tuple[str, Profile, str, int, int]] = [
    ("woman", WOMAN_PAGE, "profile-woman", 4830, 11),
    ("woman", RENAMED_PAGE, "profile-renamed", 4826, 11),
    ("news", NEWS_PAGE, "profile-news", 7115, 3),
    ("place", PLACE_PAGE, "profile-place", 3902, 8),
]
# account, persona, what shows it, the exhibit
PERSONAS = [
    ("woman", "woman", "A woman's name and picture, and posts in the words of a daughter.", "profile-woman"),
    ("news", "news", "It calls itself a news page; no newsroom of that name is named anywhere on it.", "profile-news"),
    ("place", "place", "It speaks in the name of a city.", "profile-place"),
]
# account, kind, in the platform's words, the exhibit, when
CLAIMS = [
    ("woman", "country", "Based in Qarvania", "profile-renamed", "2026-10-09"),
    ("woman", "renamings", "6 name changes, the last in October 2026", "profile-renamed", "2026-10-09"),
]
# account, the other, kind, likelihood, basis, exhibits
LINKS = [
    ("woman", "news", "same_operator", "likely", "The same words within five seconds, twice, and profiles made in the "
     "same month.", ["woman-en", "news-en", "woman-ur", "news-ur", "profile-woman", "profile-news"]),
    ("news", "place", "same_operator", "even", "The same words within five seconds. That both were only paid by the "
     "same group explains it as well.", ["news-en", "place-en"]),
]
# account, bearing, text, exhibits
NOTES = [
    ("woman", "against", "Within a week it took another name and turned to a foreign election.", ["profile-renamed"]),
    ("woman", "for", "That it knew what the posts were paid for is not shown: no message of the group names it.", []),
    ("organiser", "for", "The wallet is registered under a short name only; another person may have used the "
     "telephone.", ["paid-1"]),
]
MERGED = ("In the second group the screenshots show this name in the place of the number, under the same picture; the "
          "rules of the first group show both.")
TAGS = [("woman", ["together", "same_text", "renamed", "new"]), ("news", ["together", "same_text", "new"])]


def describe(named: Named, shown: Shown, by: User) -> None:
    for key, page, exhibit, followers, following in PROFILES:
        accounts.observe(named[key], handle=page.handle, display_name=page.name, exhibit=shown[exhibit],
                         biography=page.bio, place=page.place, created="2026-09", status="active",
                         followers=followers, following=following, by=by)
    for key, persona, basis, exhibit in PERSONAS:
        statements.state_persona(named[key], persona=persona, basis=basis, exhibits=[shown[exhibit]], by=by)
    for key, kind, text, exhibit, at in CLAIMS:
        claims.note(named[key], kind=kind, text=text, exhibit=shown[exhibit], at=at, by=by)
    statements.assess_location(
        named["woman"], place="Daryapur", likelihood="likely", exhibits=[shown["woman-en"], shown["profile-renamed"]],
        basis="It posts by day and in the evening of Daryapur. The platform's label names another country; that is a "
        "claim, and a label follows how somebody connects.", by=by)
    for first, second, kind, likelihood, basis, keys in LINKS:
        linking.link(named[first], other=named[second], kind=kind, likelihood=likelihood, basis=basis,
                     exhibits=[shown[one] for one in keys], by=by)
    for key, bearing, text, keys in NOTES:
        notes.add(named[key], bearing=bearing, text=text, exhibits=[shown[one] for one in keys], by=by)
    for key, tags in TAGS:
        tagging.tag(named[key], tags=tags, by=by)
    merging.merge(named["organiser"], other=named["again"], reason=MERGED, by=by)

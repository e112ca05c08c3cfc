"""The campaigns of the demo case, and the causes that have nothing to do with each other. Invented like everything
here, the listing too."""

from datetime import date

from casework.campaigns import causes, listings
from casework.campaigns import services as campaigns
from casework.cases.models import Case
from casework.channels.tasking_models import Tasking
from casework.exhibits.models import Exhibit
from casework.people.models import User

# key, title, objective, languages, taskings
CAMPAIGNS = [
    ("port", "Delta port now", "To make people believe that everybody in the city wants the port at once, in the "
     "voices of women, news pages and city pages.", "en, ur", ["port-en", "port-ur"]),
    ("lumo", "Ban Lumo", "To make it look as if customers had turned against a delivery app.", "en, ur", ["lumo"]),
    ("vesna", "Vesna for president", "To make voters abroad see support that is not there.", "en", ["vesna"]),
]
# campaign, kind, text, the exhibit that shows it, when
MARKS = [
    ("port", "hashtag", "#DeltaPortNow", "task-en", "2026-10-03 19:42 +05:00"),
    ("lumo", "hashtag", "#BanLumo", "task-lumo", "2026-10-06 18:05 +05:00"),
    ("vesna", "slogan", "Vesna", "task-vesna", "2026-10-08 22:59 +05:00"),
]
# campaign, cause, description, basis, the exhibit that shows it
CAUSES = [
    ("port", "A port in the delta", "A building project.", "The tasking asks for posts that want it built.", "task-en"),
    ("lumo", "A rival of a delivery app", "A market.", "The tasking speaks of a new client and names the app to ban.",
     "task-lumo"),
    ("vesna", "An election abroad", "Votes in another country.", "The tasking speaks of a foreign client and asks for "
     "posts in English alone.", "task-vesna"),
]


def name_campaigns(case: Case, told: dict[str, Tasking], shown: dict[str, Exhibit], by: User) -> None:
    """Three trends that the same group pushed within a week."""
    named = {key: campaigns.name_campaign(case, title=title, objective=objective, languages=languages,
                                          taskings=[told[one] for one in keys], by=by)
             for key, title, objective, languages, keys in CAMPAIGNS}
    for key, kind, text, exhibit, at in MARKS:
        campaigns.mark(named[key], kind=kind, text=text, exhibit=shown[exhibit], at=at, by=by)
    for key, title, description, basis, exhibit in CAUSES:
        cause = causes.name_cause(case, title=title, description=description, by=by)
        causes.attach(named[key], cause=cause, basis=basis, exhibits=[shown[exhibit]], by=by)


def write_listing(by: User) -> None:
    """One entry of a list that nobody keeps, so that the page of listings shows what belongs into it."""
    listings.add(authority="Council of Examples", list_name="List of example organisations",
                 organisation="Front for Nothing at All", reference="EX-14", listed_on=date(2025, 2, 1),
                 source_url="https://council.example/lists/ex-14", read_on=date(2026, 10, 1), by=by)

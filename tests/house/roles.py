"""Who gets through, for the rows of the permission table: words for sets of roles, and rows made of them."""

MEMBERS = "lead investigator reviewer takedown legal media auditor"
SIGNED_IN = f"{MEMBERS} outsider admin"
EVERYBODY = f"{SIGNED_IN} nobody"
ADMIN = "admin"
READERS = "lead investigator reviewer takedown legal auditor"
WORKERS = "lead investigator"
LODGERS = "lead investigator takedown"
DOWNLOADERS = "lead investigator reviewer takedown legal"
HELPERS = "lead investigator reviewer takedown legal"
LEAD = "lead"
SECOND = "lead reviewer"
AUTHOR = "investigator"
DRAFTERS = "lead investigator takedown"
RIGHTS = "lead reviewer legal"
SENDERS = "lead takedown"
REFERRALS = "lead reviewer legal auditor"
REPORTS = f"{REFERRALS} media"
COMPOSERS = "lead legal"
ERASERS = "lead legal"
AUDITORS = "lead legal auditor"
STOPPERS = "lead legal"
HEALERS = "lead reviewer legal"
ANY_COMPOSER = "lead legal media"

Row = dict[str, str]


def both(who: str, post: str = "") -> Row:
    return {"GET": who, "POST": post or who}

"""The life of a dossier as a table, one for each kind: who composes a referral is not who composes a briefing."""

from casework.access import Action
from casework.lifecycle import Move, Table

KIND_READ = {"referral": Action.DOSSIER_READ, "briefing": Action.BRIEFING_READ}
KIND_COMPOSE = {"referral": Action.DOSSIER_COMPOSE, "briefing": Action.BRIEFING_COMPOSE}
KIND_DOWNLOAD = {"referral": Action.DOSSIER_DOWNLOAD, "briefing": Action.BRIEFING_DOWNLOAD}


def _table(compose: Action) -> Table:
    return {
        # New facts, new words: whatever was approved before no longer binds.
        "recompose": Move(("draft", "in_review", "returned", "approved", "failed"), "draft", compose),
        "submit": Move(("draft", "returned"), "in_review", compose),
        "approve": Move(("in_review",), "approved", Action.DOSSIER_REVIEW),
        "send_back": Move(("in_review",), "returned", Action.DOSSIER_REVIEW),
        "seal": Move(("approved",), "rendering", compose),
        "retry": Move(("failed",), "rendering", compose),
    }


TABLES: dict[str, Table] = {kind: _table(action) for kind, action in KIND_COMPOSE.items()}

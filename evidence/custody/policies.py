"""The policy that this log goes by: who witnesses it, and whose cosignatures make a checkpoint valid."""

from django.conf import settings

from evidence.custody import signer
from evidence.tlog import note
from evidence.tlog.policy import NONE, Log, Policy, Witness, write


def current() -> Policy:
    """The one in LOG_POLICY; without it nobody is asked and every checkpoint is valid."""
    return settings.LOG_POLICY or Policy()


def has_quorum() -> bool:
    return current().quorum != NONE


def asked() -> list[Witness]:
    """The witnesses that can be asked: those with an address."""
    return [witness for witness in current().witnesses if witness.url]


def published() -> bytes:
    """The policy for whoever checks this log, its own key in it. Raises SignerMissing."""
    policy, key = current(), signer.public_key()
    return write(Policy((Log(key), *(log for log in policy.logs if log.key.material != key.material)),
                        policy.witnesses, policy.groups, policy.quorum))


def names_our_key(key: note.Key) -> bool:
    """Whether the policy in LOG_POLICY knows `key`, or leaves the logs open."""
    logs = current().logs
    return not logs or any(str(log.key) == str(key) for log in logs)

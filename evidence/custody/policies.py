"""The policy that this log goes by: who witnesses it, and whose cosignatures make a checkpoint valid."""

from django.conf import settings

from evidence.custody import signer
from evidence.tlog.policy import NONE, Log, Policy, Witness, write
from evidence.tlog.ring import Ring


def current() -> Policy:
    """The one in LOG_POLICY; without it nobody is asked and every checkpoint is valid."""
    return settings.LOG_POLICY or Policy()


def has_quorum() -> bool:
    return current().quorum != NONE


def asked() -> list[Witness]:
    """The witnesses that can be asked: those with an address."""
    return [witness for witness in current().witnesses if witness.url]


def published() -> bytes:
    """The policy for whoever checks this log, with all its own keys but the revoked ones: a policy knows no sizes.
    Raises SignerMissing."""
    ring = tuple(term for term in signer.public_keys() if term.revoked is None)
    ours = {term.key.material for term in ring}
    return _written(ring, *(log for log in current().logs if log.key.material not in ours))


def enclosed(ring: Ring) -> bytes:
    """The policy that goes with a list of all the log's keys, which says for which sizes each counts."""
    return _written(ring)


def names_our_key() -> bool:
    """Whether the policy in LOG_POLICY knows a key that this log signs with now, or leaves the logs open. Raises
    SignerMissing."""
    logs = {log.key for log in current().logs}
    return not logs or any(term.key in logs for term in signer.public_keys() if term.signs)


def _written(ring: Ring, *others: Log) -> bytes:
    policy = current()
    return write(Policy((*(Log(term.key) for term in ring), *others), policy.witnesses, policy.groups, policy.quorum))

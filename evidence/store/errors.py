"""What can go wrong with bytes, in words that doors can answer."""


class StoreFull(Exception):
    """No room (or no inode, or no quota) to keep the bytes. Nothing is visible under their hash."""


class HashMismatch(Exception):
    """The sender declared another SHA-256 than the bytes that arrived have. Nothing is visible."""

    def __init__(self, declared: str, received: str):
        super().__init__(f"declared {declared}, received {received}")
        self.declared, self.received = declared, received


class Damaged(Exception):
    """Stored bytes no longer hash to their name, or are gone."""

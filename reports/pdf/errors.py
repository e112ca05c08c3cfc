"""What can go wrong while a document is made, in words that services can answer."""


class RenderFailed(Exception):
    """The document was not made; nothing of it is kept. The message says why, for the log and for people."""


class ResourceDenied(RenderFailed):
    """The page asked for something that is not in its manifest (`address`), so that nothing was made of it."""

    def __init__(self, address: str):
        super().__init__(f"not in the manifest: {address[:200]}")
        self.address = address


class ResourceUnused(RenderFailed):
    """The page did not show, or could not read, a picture of its manifest (`name`): it may never be silently blank."""

    def __init__(self, name: str):
        super().__init__(f"not shown: {name}")
        self.name = name

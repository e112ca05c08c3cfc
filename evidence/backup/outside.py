"""What others know of the log when it was put back: checkpoints and receipts that were kept, and witnesses."""

from pathlib import Path

from evidence.backup.manifest import Unusable
from evidence.custody import checkpoints, signer, witnesses
from evidence.custody.recovery import Witnessed
from evidence.custody.rewound import Rewind
from evidence.fixity import receipt_form
from evidence.tlog import note
from evidence.tlog.ring import read as signed


def read(file: Path) -> Witnessed:
    """The checkpoint in a file, alone or in a receipt; it must be one that this log's keys signed. Raises Unusable."""
    try:
        data = file.read_bytes()
        text, by, at = data.decode(), Rewind.Witness.CHECKPOINT, None
        if data.lstrip().startswith(b"{"):
            found = receipt_form.read(data)
            if not found.checkpoint:
                raise Unusable(f"{file} has no checkpoint yet: it says nothing about how long the log was")
            text, by, at = found.checkpoint, Rewind.Witness.RECEIPT, found.received_at
        reading = signed(text.encode(), signer.public_keys(), signer.verifies)
    except OSError as error:
        raise Unusable(f"{file} cannot be read: {error.strerror}") from None
    except (note.NoteError, receipt_form.Malformed, ValueError) as error:
        raise Unusable(f"{file}: {error}") from None
    if reading.doubt:
        raise Unusable(f"{file}: {reading.doubt}")
    return Witnessed(by, file.name, reading.head.size, reading.head.root, text, at)


def asked() -> list[Witnessed]:
    """What the witnesses of the policy say now, of those that know more than the log has."""
    latest = checkpoints.latest()
    return [Witnessed(Rewind.Witness.WITNESS, name, size) for name, size in witnesses.beyond(latest)] if latest else []

"""The index of this floor's models, for Django only. Rooms import each other's models by their rooms."""

from evidence.archive.models import ArchiveCopy
from evidence.custody.models import Checkpoint, Erasure, Event, Leaf, Payload, Pending, Tile
from evidence.custody.outside import Cosignature, Holding, Party, Refusal, Timestamp
from evidence.derivatives.models import Derivative
from evidence.fixity.models import Verification
from evidence.intake.models import Item, Step
from evidence.machine.models import SelfTest
from evidence.store.models import Blob

__all__ = ["ArchiveCopy", "Blob", "Checkpoint", "Cosignature", "Derivative", "Erasure", "Event", "Holding", "Item",
           "Leaf", "Party", "Payload", "Pending", "Refusal", "SelfTest", "Step", "Tile", "Timestamp", "Verification"]

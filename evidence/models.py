"""The index of this floor's models, for Django only. Rooms import each other's models by their rooms."""

from evidence.archive.models import ArchiveCopy
from evidence.custody.models import Checkpoint, Erasure, Event, Leaf, Payload, Pending, Tile
from evidence.derivatives.models import Derivative
from evidence.intake.models import Item, Step
from evidence.store.models import Blob

__all__ = ["ArchiveCopy", "Blob", "Checkpoint", "Derivative", "Erasure", "Event", "Item", "Leaf", "Payload",
           "Pending", "Step", "Tile"]

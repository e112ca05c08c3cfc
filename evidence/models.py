"""The index of this floor's models, for Django only. Rooms import each other's models by their rooms."""

from evidence.archive.models import ArchiveCopy, LockTest
from evidence.backup.models import Backup
from evidence.custody.models import Checkpoint, Erasure, Event, Leaf, Payload, Pending, Tile
from evidence.custody.outside import Cosignature, Holding, Party, Refusal, Timestamp
from evidence.custody.rewound import Declaration, Recovered, Rewind
from evidence.derivatives.models import Derivative
from evidence.disposal.models import Removal, Tombstone
from evidence.fixity.models import Check, Damage, Healing, Routine, Verification
from evidence.intake.models import Item, Part, Step
from evidence.machine.models import SelfTest
from evidence.packages.models import Origin, Package, PackageFile
from evidence.screening.models import Screening
from evidence.store.models import Blob

__all__ = ["ArchiveCopy", "Backup", "Blob", "Check", "Checkpoint", "Cosignature", "Damage", "Declaration", "Derivative",
           "Erasure", "Event", "Healing", "Holding", "Item", "Leaf", "LockTest", "Origin", "Package", "PackageFile",
           "Part", "Party", "Payload", "Pending", "Recovered", "Refusal", "Removal", "Rewind", "Routine", "Screening",
           "SelfTest", "Step", "Tile", "Timestamp", "Tombstone", "Verification"]

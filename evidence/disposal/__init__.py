"""The end of bytes: what two people decided is taken out of the store and the archive, and a tombstone stays.

Nothing that another item still needs goes, and nothing that a lock of the archive keeps goes before its date."""

"""The Merkle log as mathematics: hashes, proofs, notes, checkpoints.

Standard library only; never a framework, never the database."""

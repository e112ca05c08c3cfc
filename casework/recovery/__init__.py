"""A log that is behind what was witnessed of it: what is lost, and the restore that two administrators declare.

May use people and the halls. Keeps no table of its own: what was noticed is the vault's, what is proposed is an
approval and an event of the recovery log."""

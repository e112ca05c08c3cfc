"""Copies of everything that the vault keeps, outside of it, each proven; and the way back.

May use everything below. Takes no key along, deletes nothing that it finished, and restores into nothing that holds
anything."""

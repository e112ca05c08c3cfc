"""Reads stored bytes again on a schedule; damage is an event, an open row and an alarm, healed by order of two people.

Also the whole verification, rows held against storages, and the sweep. May use everything
below. Never heals by itself."""

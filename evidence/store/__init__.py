"""Bytes by their hash: durable put, open, verify, on filesystem and S3.

Never overwrites, never decides who may read. What it acknowledged it moves aside or removes only where it is told to
(`set_aside`, `remove`), and whoever tells it has made sure."""

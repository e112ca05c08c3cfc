"""Bytes by their hash: durable put, open, verify, on filesystem and S3.

Never overwrites, never deletes what it acknowledged, never decides who may read."""

"""Bytes by their hash: durable put, open, verify, on filesystem and S3. Never overwrites, never decides who may read."""

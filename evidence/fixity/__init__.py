"""Hashes stored bytes again by an independent read; a mismatch is an event and an alarm. May use everything below."""

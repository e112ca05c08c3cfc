"""Accession: stream in, hash, store, record, and the Item row. May use store and custody.

Never refuses a file for its content."""

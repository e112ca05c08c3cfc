"""Screening for malware by a scanner of this machine, where one is configured: what it said of which bytes, and when.

Labels and never takes away: bytes are neither refused nor deleted for it. What is given out is decided above."""

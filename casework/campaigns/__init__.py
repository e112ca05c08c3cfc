"""Artificial trends: what was pushed, by which taskings, for which causes; and the listings of organisations behind
causes. Nothing here leads from a cause to an account."""

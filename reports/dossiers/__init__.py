"""Compose, review, render and seal dossiers. May use pdf and the floors below."""

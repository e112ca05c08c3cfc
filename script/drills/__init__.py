"""Drills: what the project makes is held against something outside it. Each module is one, by its name."""

"""Tells who could and did open what is in a case, and what was recorded outside every case."""

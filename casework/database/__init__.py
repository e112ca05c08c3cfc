"""HALL: Django's PostgreSQL backend, with one difference: a server that has gone silent is noticed within seconds."""

"""Users, invitations, sign-in and API tokens. May use the halls. Knows no case."""

"""Cases, memberships, opening and closing. May use people and the halls."""

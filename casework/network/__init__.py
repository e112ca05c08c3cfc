"""Who has to do with whom: accounts, channels and campaigns of a case, joined by edges that state their rule. It reads
the rooms below it, and keeps nothing. No cause is in it, and nothing leads here from a cause to an account."""

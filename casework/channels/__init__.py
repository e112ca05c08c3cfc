"""Groups that hand out tasks: what exhibits show of their lives. May use accounts and exhibits; never says anything
about a person, and never tells one case of another."""

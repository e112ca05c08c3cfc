"""Middle floor: the work on a case, and the only judge of who may do what. May use evidence; never reports."""

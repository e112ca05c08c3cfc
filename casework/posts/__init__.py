"""Posts and chat messages from lodged exports: each row cites the bytes that it is. May use exhibits and what lies
below; opens foreign bytes in the jail alone, guesses nothing, and never says anything about a person."""

"""What is to be done in a case, for whom and until when; and notes beside its things, with who is told of them."""

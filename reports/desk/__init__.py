"""Home and the demo case: the one room that looks at every other."""

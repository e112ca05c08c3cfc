"""Claims with method, confidence, exhibits for and against, and review by another person. May use exhibits and accounts."""

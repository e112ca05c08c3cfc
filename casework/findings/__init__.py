"""Claims with method, confidence, exhibits for and against, and another person's review. May use exhibits, accounts."""

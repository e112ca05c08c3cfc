"""Platforms, notices, targets and outcomes. May use exhibits, accounts and findings; attaches exhibits only."""

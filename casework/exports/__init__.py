"""Counts what leaves the house: a budget for each person, alarms when it is spent, and stops."""

"""Drills: each module with a `main(arguments) -> int` is one, and script/drill runs it by its name."""

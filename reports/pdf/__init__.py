"""Render and sign: the only door to WeasyPrint and to pyHanko. Knows no case."""

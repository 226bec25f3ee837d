"""The rules of collective protection, read as prose.

Standard library only; no input or output, no clock: today is always an argument.
"""

"""Tejido: collective protection for people who defend human rights."""

__version__ = "0.1.0"

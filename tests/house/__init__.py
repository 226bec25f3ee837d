"""Checks of the house itself: style, types, layers, words, sizes, translations, locks, documents."""

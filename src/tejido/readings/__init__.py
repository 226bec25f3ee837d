"""Readings: computed views, always with their why.

The only bridge from records to the rules: fetches facts within bounds, asks ``tejido.domain``, says what was left out.
"""

"""Dossiers: the pages that bring slices together, composed in the open from their queries."""

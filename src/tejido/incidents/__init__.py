"""Incidents: who did what to whom, where and when, how we know, and what justice did with it."""

"""Assess together: the sessions in which a group looks at its own threats, in its own words, and what they leave."""

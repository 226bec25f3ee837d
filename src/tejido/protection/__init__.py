"""Protection: what a group decides and does for its own safety, and what is missing."""

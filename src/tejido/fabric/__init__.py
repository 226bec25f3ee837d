"""The fabric: actors, their ties, the territories they live in and what they consent to."""

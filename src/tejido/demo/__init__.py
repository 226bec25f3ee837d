"""Real data to see the whole loop with: the list of the Chilean truth commission, and how it is read."""

"""Plans, as groups make them."""

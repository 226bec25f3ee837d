"""Following up: what others promised, whom to call, places and care, requests for one person, reviews, practices."""

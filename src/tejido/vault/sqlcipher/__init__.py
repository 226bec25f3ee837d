"""A Django database backend: SQLite, with the whole file encrypted by SQLCipher."""

"""Exchange: bringing lists in with preview and undo, and taking everything out again."""

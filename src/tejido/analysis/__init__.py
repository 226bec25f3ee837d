"""Numbers about a fabric and what happens to it: columns in, columns out.

No database, no page, no clock: what is known, and until when, are arguments. Begin with ``frames``.
"""

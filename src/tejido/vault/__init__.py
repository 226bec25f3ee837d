"""The vault: keys, sealed fields, the encrypted file, sessions and the journal.

Everything that rests on a disk passes through here. Sealing is the default: a column is in clear only if it
stands in ``clear_columns``.
"""

"""Circles: the members who share a key, and what each may see and do.

First floor: one circle in a workspace, opened by one passphrase. Members' own keys, epochs and grants build on
the shapes that are here.
"""

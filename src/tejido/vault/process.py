"""What a process that will hold keys gives up before it holds any."""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys

_PR_SET_DUMPABLE = 4  # prctl(2)


def guard_process() -> None:
    """Make files that only their owner may read, and leave no image of the memory if the process dies.

    A limit of zero for core files is not enough where the kernel hands them to a program (``core_pattern`` with a
    pipe, as systemd sets it): on Linux the process is marked as not to be dumped as well, which also keeps other
    programs of the same user from looking into its memory.
    """
    os.umask(0o077)
    if os.name != "posix":
        return
    import resource

    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)

"""What a process that will hold keys gives up before it holds any."""

from __future__ import annotations

import contextlib
import ctypes
import gc
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


def collect_rarely() -> None:
    """Look for objects that refer to each other in circles once for many pages, not many times for one.

    A page makes tens of thousands of objects, nearly all of which go as soon as nobody refers to them. Python's usual
    thresholds would look through them dozens of times meanwhile, and now and then through all that is held for the
    readings: a fifth of a large page, and a tenth of a second more for an unlucky one.
    """
    gc.set_threshold(50_000, 20, 50)

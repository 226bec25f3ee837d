"""Find the browser that the journeys drive, or install Debian's.

python scripts/browser.py              print where it is
python scripts/browser.py --install    as root on Debian, install it when it is missing
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from ctypes import CDLL
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
#: The journeys also look at pages in Arabic: a face with its letters comes along.
DEBIAN_PACKAGES = ("chromium", "fonts-dejavu-core", "fonts-liberation")
#: What the program that speaks with the browser needs and a bare Debian lacks: library, package.
LIBRARY, LIBRARY_PACKAGE = "libatomic.so.1", "libatomic1"


class BrowserMissing(Exception):
    """No Chromium here; the message says what to do."""


def chromium() -> Path:
    """Return the Chromium to drive: ``TEJIDO_CHROMIUM`` if set, else the first on the path.

    Raises BrowserMissing, with a sentence, when there is none.
    """
    chosen = os.environ.get("TEJIDO_CHROMIUM")
    if chosen:
        if not os.access(chosen, os.X_OK):
            raise BrowserMissing(f"TEJIDO_CHROMIUM names {chosen}, which is not a program.")
        return Path(chosen)
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return Path(found)
    raise BrowserMissing(
        "The journeys need Chromium, and there is none here. As root on Debian: apt-get install chromium. "
        "Or set TEJIDO_CHROMIUM to the program."
    )


def lacking() -> tuple[list[str], str]:
    """Return the Debian packages that the journeys lack here, and a sentence about it; nothing if all is there."""
    packages, sentence = [], ""
    try:
        CDLL(LIBRARY)
    except OSError:
        packages = [LIBRARY_PACKAGE]
        sentence = f"The journeys need {LIBRARY}. As root on Debian: apt-get install {LIBRARY_PACKAGE}."
    try:
        chromium()
    except BrowserMissing as missing:
        packages += DEBIAN_PACKAGES
        sentence = str(missing)
    return packages, sentence


def install(packages: list[str]) -> None:
    """Install Debian packages; raise CalledProcessError when apt-get fails."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages]):
        subprocess.run(["apt-get", *arguments], check=True, env=environment, stdout=subprocess.DEVNULL)


def main(arguments: list[str]) -> int:
    """Print the browser's path, after installing what lacks if asked and possible; return the exit code."""
    packages, sentence = lacking()
    if packages and "--install" in arguments and os.geteuid() == 0 and shutil.which("apt-get"):
        print("· installing the browser of the journeys", file=sys.stderr)
        install(packages)
        packages, sentence = lacking()
    if packages:
        print(sentence, file=sys.stderr)
        return 1
    print(chromium())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

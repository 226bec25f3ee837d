"""Check what the documents promise: every link leads somewhere, every `make` word is a target.

python scripts/docs.py
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
MAKE = re.compile(r"`make ([a-z][a-z-]*)[^`]*`|^\s*\$? ?make ([a-z][a-z-]*)", re.MULTILINE)
HEADING = re.compile(r"^#+\s+(.+?)\s*$", re.MULTILINE)


def documents(root: Path = ROOT) -> list[Path]:
    """Return the Markdown files that git knows or would add."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "*.md"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    return [root / name for name in sorted(set(listed.stdout.splitlines())) if (root / name).is_file()]


def anchor(heading: str) -> str:
    """Return the anchor that readers of Markdown give a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


def leads_somewhere(target: str, path: Path) -> bool:
    """Whether a link written in ``path`` reaches a file, and its heading if it names one."""
    name, _, part = target.partition("#")
    aim = (path.parent / name).resolve() if name else path
    if not aim.exists():
        return False
    if not part or aim.suffix != ".md":
        return True
    return part in {anchor(text) for text in HEADING.findall(aim.read_text("utf-8"))}


def broken_links(path: Path) -> list[str]:
    """Return the links of a document that lead nowhere in the repository; others are not followed."""
    inside = [target for target in LINK.findall(path.read_text("utf-8")) if not re.match(r"[a-z]+:", target)]
    return [target for target in inside if not leads_somewhere(target, path)]


def targets(makefile: str) -> set[str]:
    """Return the targets of a Makefile."""
    return set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))


def unknown_targets(text: str, known: set[str]) -> list[str]:
    """Return the words after `make` in a document that are no target."""
    words = {first or second for first, second in MAKE.findall(text)}
    return sorted(words - known)


def faults(root: Path = ROOT) -> list[str]:
    """Return, a sentence each, what the documents promise and is not there."""
    known = targets((root / "Makefile").read_text("utf-8"))
    said = []
    for path in documents(root):
        name = path.relative_to(root)
        said += [f"{name}: the link {target} leads nowhere" for target in broken_links(path)]
        said += [f"{name}: there is no `make {word}`" for word in unknown_targets(path.read_text("utf-8"), known)]
    return said


if __name__ == "__main__":
    wrong = faults()
    print("\n".join(wrong) or f"{len(documents())} documents: every link and target is there.")
    sys.exit(1 if wrong else 0)

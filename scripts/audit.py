"""Ask the advisory database about every package of the lock, and refuse an answer that looked at nothing.

Needs the network; `make test` does not run it.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements" / "dev.txt"


def locked() -> set[str]:
    """Return the names in the lock."""
    return set(re.findall(r"^([a-z0-9][\w.-]*)==", LOCK.read_text("utf-8"), re.MULTILINE))


def audited(answer: str) -> tuple[set[str], list[str]]:
    """Return the names that were looked at and a line for each known weakness, from pip-audit's JSON."""
    packages = json.loads(answer)["dependencies"]
    names = {package["name"].lower() for package in packages if "vulns" in package}
    weak = [
        f"{package['name']} {package['version']}: {weakness['id']}, mended in {', '.join(weakness['fix_versions']) or '—'}"
        for package in packages
        for weakness in package.get("vulns", [])
    ]
    return names, weak


def main() -> int:
    """Run pip-audit on the lock; return 0 only when every package was looked at and none is known to be weak."""
    command = [
        sys.executable,
        "-m",
        "pip_audit",
        "--requirement",
        str(LOCK),
        "--require-hashes",
        "--disable-pip",
    ]
    run = subprocess.run(
        [*command, "--format", "json", "--progress-spinner", "off"],
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        names, weak = audited(run.stdout)
    except (ValueError, KeyError):
        print(f"The audit gave no answer.\n{run.stderr.strip()}", file=sys.stderr)
        return 1
    forgotten = {name for name in locked() if name not in names}
    print("\n".join(weak) or f"{len(names)} packages looked at, none known to be weak.")
    if not names or len(forgotten) > len(locked()) // 10:
        print(f"The audit did not look at {len(forgotten)} of {len(locked())} packages.", file=sys.stderr)
        return 1
    return 1 if weak else 0


if __name__ == "__main__":
    sys.exit(main())

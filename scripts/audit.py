"""Ask the advisory database about every package of the lock, and refuse an answer that looked at nothing.

Needs the network; `make test` does not run it.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib.metadata import distributions
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
    weak = []
    for package in packages:
        for weakness in package.get("vulns", []):
            mended = ", ".join(weakness["fix_versions"]) or "no version yet"
            weak.append(f"{package['name']} {package['version']}: {weakness['id']}, mended in {mended}")
    return names, weak


def unlooked(names: set[str]) -> set[str]:
    """Return what the lock names and the audit did not look at, but for packages of other platforms."""
    here = {distribution.metadata["Name"].lower().replace("_", "-") for distribution in distributions()}
    return {name for name in locked() if name in here and name not in names}


def main() -> int:
    """Run pip-audit on the lock; return 0 only when all was looked at and nothing is known to be weak."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(LOCK), "--require-hashes"]
    command += ["--disable-pip", "--format", "json", "--progress-spinner", "off"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        names, weak = audited(run.stdout)
    except (ValueError, KeyError):
        print(f"The audit gave no answer.\n{run.stderr.strip()}", file=sys.stderr)
        return 1
    forgotten = unlooked(names)
    if not names or forgotten:
        print(f"The audit did not look at: {', '.join(sorted(forgotten)) or 'anything'}.", file=sys.stderr)
        return 1
    print("\n".join(weak) or f"{len(names)} packages looked at, none known to be weak.")
    return 1 if weak else 0


if __name__ == "__main__":
    sys.exit(main())

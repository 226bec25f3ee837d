"""Copy the front-end parts that npm fetched to where the package serves or draws them, with their licences.

python scripts/parts.py            copy
python scripts/parts.py --sizes    print what each weighs, plain and gzipped
"""

from __future__ import annotations

import gzip
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "src" / "tejido" / "web" / "static" / "vendor"
OUTLINES = ROOT / "src" / "tejido" / "drawing" / "outlines"

#: From node_modules to its place.
PARTS: dict[str, Path] = {
    "@picocss/pico/css/pico.min.css": VENDOR / "pico.min.css",
    "@picocss/pico/LICENSE.md": VENDOR / "pico.LICENSE.md",
    "world-atlas/countries-50m.json": OUTLINES / "countries-50m.json",
    "world-atlas/LICENSE": OUTLINES / "world-atlas.LICENSE",
}


def copy_parts() -> None:
    """Put every part in its place; raise FileNotFoundError when npm did not bring one."""
    for name, target in PARTS.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(MODULES / name, target)


def print_sizes() -> None:
    """Print the bytes of every part, plain and gzipped at the strongest level."""
    for target in PARTS.values():
        content = target.read_bytes()
        packed = len(gzip.compress(content, 9, mtime=0))
        print(f"{len(content):>9} {packed:>8}  {target.relative_to(ROOT)}")


if __name__ == "__main__":
    print_sizes() if "--sizes" in sys.argv[1:] else copy_parts()

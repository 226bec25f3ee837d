"""``python -m tejido.cli``."""

import sys

from tejido.cli import main

sys.exit(main())

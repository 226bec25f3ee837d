"""Settings under test: a throw-away workspace, on the encrypted file or on PostgreSQL.

``TEJIDO_TEST_POSTGRES`` names a PostgreSQL server (``host:port:user`` or a socket directory) to run the same
tests there.
"""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("TEJIDO_DIR", tempfile.mkdtemp(prefix="tejido-test-"))

from tejido.settings import *  # noqa: F403
from tejido.settings import WORKSPACE

WORKSPACE.directory.mkdir(parents=True, exist_ok=True)
(WORKSPACE.directory / "sealed").mkdir(exist_ok=True)

SECRET_KEY = "only for tests"
LANGUAGE_CODE = "en"
TEJIDO_WARM = []
_POSTGRES = os.environ.get("TEJIDO_TEST_POSTGRES")
if _POSTGRES:
    _HOST, _PORT, _USER = _POSTGRES.split("|")
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": "postgres",
            "HOST": _HOST,
            "PORT": _PORT,
            "USER": _USER,
        }
    }
else:
    _FILE = str(Path(tempfile.mkdtemp(prefix="tejido-db-")) / "test.db")
    DATABASES = {
        "default": {
            "ENGINE": "tejido.vault.sqlcipher",
            "NAME": _FILE,
            "OPTIONS": {"transaction_mode": "IMMEDIATE"},
            "TEST": {"NAME": _FILE},
        }
    }

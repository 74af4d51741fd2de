"""Loaded before Django reads its settings (see addopts in pyproject.toml): no test touches anybody's own home."""

import os
import tempfile

os.environ["GLABELLA_HOME"] = tempfile.mkdtemp(prefix="glabella-test-")
os.environ["GLABELLA_ALLOW_PRIVATE"] = "1"
os.environ["GLABELLA_DELAY"] = "0.02"
os.environ.setdefault("GLABELLA_SECRET", "a secret for tests only, long enough to sign with")

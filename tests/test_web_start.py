"""What a worker of the web server has ready before its first request."""

import gc
import os
import subprocess
import sys
from pathlib import Path

from hourtab import gunicorn

ROOT = Path(__file__).parents[1]
LOADED = "import hourtab.wsgi, sys; print({'hourtab.urls', 'leaks.check'} <= set(sys.modules))"


def test_the_addresses_and_the_leak_checks_patterns_are_loaded_before_anybody_asks():
    env = {**os.environ, "DATABASE_URL": "sqlite://:memory:"}
    done = subprocess.run(
        [sys.executable, "-c", LOADED], cwd=ROOT, env=env, capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "True"


def test_what_is_loaded_is_not_looked_through_for_garbage_again():
    before = gc.get_freeze_count()  # the suite itself has put aside what it had collected
    loaded = [[] for _ in range(10_000)]

    gunicorn.post_worker_init(None)

    assert gc.get_freeze_count() >= before + len(loaded)

"""`make run PORT=…` serves on that port, and everything that it starts hands out addresses of that port."""

from pathlib import Path

import pytest
from django.conf import settings

RECIPE = (
    (Path(settings.BASE_DIR) / "Makefile").read_text(encoding="utf-8").split("\nrun:")[1].split("\n\n")[0]
)


@pytest.mark.parametrize("command", ["demo", "runserver"])
def test_what_hands_out_addresses_knows_the_port_that_is_served(command):
    (line,) = [line for line in RECIPE.splitlines() if f"manage.py {command}" in line]
    assert "BASE_URL=http://localhost:$(PORT) " in line

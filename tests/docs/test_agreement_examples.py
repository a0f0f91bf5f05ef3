"""Every file of docs/agreements.md is taken as it stands, and comes back the same from a dump."""

import re
from pathlib import Path

import pytest

from retainers.agreements.reading import read_file
from retainers.agreements.writing import write_file

TEXT = (Path(__file__).parents[2] / "docs" / "agreements.md").read_text(encoding="utf-8")
FILES = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)


@pytest.mark.parametrize("text", FILES)
def test_an_example_file_is_read_and_written_back(text):
    file = read_file(text)
    assert read_file(write_file(file)) == file


def test_the_page_has_its_examples():
    assert len(FILES) >= 6

"""A page that counts what a person does on it: clicks and keystrokes, on visible controls only."""

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page

CLICK, KEY = 2.1, 0.2  # seconds of a practised person, the moment to think included


@dataclass
class Counted:
    page: Page
    clicks: int = 0
    keys: int = 0

    @property
    def seconds(self) -> float:
        return round(self.clicks * CLICK + self.keys * KEY, 1)

    def click(self, target: Locator) -> None:
        target.click()
        self.clicks += 1

    def type(self, target: Locator, text: str) -> None:
        """Into a field that is clicked first."""
        self.click(target)
        target.fill(text)
        self.keys += len(text)

    def type_on(self, text: str) -> None:
        """Into the field that has the focus."""
        self.page.keyboard.insert_text(text)
        self.keys += len(text)

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.keys += 1

    def choose(self, target: Locator, value: str) -> None:
        """Open a list and take one of it."""
        target.select_option(value)
        self.clicks += 2

    def upload(self, target: Locator, path: Path) -> None:
        """Open the chooser and take the file."""
        target.set_input_files(path)
        self.clicks += 2

    def told(self, what: str) -> None:
        print(f"{what}: {self.clicks} clicks, {self.keys} keystrokes, about {self.seconds} s")

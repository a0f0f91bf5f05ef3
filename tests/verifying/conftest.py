"""The house that is broken."""

from accounts.models import Provider
from tests.shared_rows import shared_rows
from tests.verifying.breaking import a_house


@shared_rows
def house(tmp_path, time_machine) -> Provider:
    return a_house(tmp_path, time_machine)

"""The clock is set back between two imports: what the page says of its age never goes backwards."""

from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import call_command

from accounts.models import Provider
from accounts.tenancy import tenant_scope
from retainers.models import Publication
from tests.faults.installation import export
from tests.faults.templates import AGREEMENT

FRIDAY = datetime(2026, 2, 20, 15, tzinfo=UTC)
BACK = datetime(2026, 2, 17, 15, tzinfo=UTC)


@pytest.mark.django_db
def test_an_import_after_the_clock_was_set_back_is_as_new_as_the_one_before(tmp_path, time_machine):
    time_machine.move_to(datetime(2026, 2, 1, tzinfo=UTC))
    (tmp_path / "north.toml").write_text(AGREEMENT)
    call_command("load_retainers", str(tmp_path / "north.toml"), stdout=StringIO())
    for number, at in enumerate((FRIDAY, BACK)):
        time_machine.move_to(at, tick=False)
        rows = [
            (f"{number}{client[0]}", client, f"2026-02-1{number}", "1")
            for client in ("Acme Dental", "Beta Legal")
        ]
        (tmp_path / "week.csv").write_text(export(*rows))
        call_command(
            "import_csv", str(tmp_path / "week.csv"), "--provider", "north", "--publish", stdout=StringIO()
        )
    with tenant_scope(Provider.objects.get()):
        made = Publication.objects.filter(retainer__client__slug="acme", kind="import").order_by("number")
        assert [(each.made_at, each.updated_at) for each in made] == [(FRIDAY, FRIDAY), (FRIDAY, FRIDAY)]
    call_command("verify", stdout=StringIO())

"""A clock that is set back and put right again: the client's page stays on time."""

from datetime import UTC, datetime

from django.core.management import call_command

ONE_MORE = "Entry ID,Client,Date,Hours\n9,Acme Dental,2026-06-18,1\n"


def test_an_update_made_while_the_clock_was_wrong_is_not_older_than_the_one_before(
    provider, client, address, tmp_path, time_machine
):
    (tmp_path / "more.csv").write_text(ONE_MORE)
    time_machine.move_to(datetime(2026, 6, 19, 12, tzinfo=UTC), tick=False)
    more = [
        str(tmp_path / "more.csv"),
        "--provider",
        "north",
        "--publish",
        "--removals",
        "keep",
        "--client",
        "acme",
    ]
    call_command("import_csv", *more, verbosity=0)
    time_machine.move_to(datetime(2026, 6, 23, 12, tzinfo=UTC), tick=False)
    (said,) = client.get(f"{address}balance.json").json()["retainers"]
    assert (said["next_update"], said["late"]) == ("2026-06-29", False)

"""A settled cycle whose file comes again, changed: nothing internal of it is told, and no line is told twice."""

from datetime import UTC, datetime

import pytest
from django.core.management import call_command

from portal.templatetags.figures import kept_together

FIRST, AGAIN = datetime(2026, 6, 23, 12, tzinfo=UTC), datetime(2026, 7, 20, 12, tzinfo=UTC)
HEAD = "Entry ID,Client,Date,Hours,Technician,Ticket,Title,Notes\n"
MAIL = "71,Acme Dental,2026-05-08,3,Mel Stone,T1,Mail,first note\n"
PRINTER = "72,Acme Dental,2026-05-12,1,Mel Stone,T2,Printer,note\n"


@pytest.fixture
def may(provider, client, address, tmp_path, time_machine):
    """May's page after the file of May has come , and come again on 20 July with these lines."""

    def page(*lines):
        for at, said in ((FIRST, (MAIL, PRINTER)), (AGAIN, lines)):
            time_machine.move_to(at, tick=False)
            (tmp_path / "may.csv").write_text(HEAD + "".join(said))
            options = ["--through", "2026-05-31", "--removals", "apply", "--restate", "--accept", "all"]
            call_command(
                "import_csv",
                str(tmp_path / "may.csv"),
                "--provider",
                "north",
                "--client",
                "acme",
                "--publish",
                *options,
                verbosity=0,
            )
        return client.get(f"{address}?cycle=2026-05-01").text

    return page


@pytest.mark.parametrize(
    ("was", "now"), [("first note", "a typo mended"), ("T1", "T9"), ("Mel Stone", "Kim"), ("Mail", "Mailbox")]
)
def test_what_is_internal_of_a_line_may_change_unseen(may, was, now):
    page = may(MAIL.replace(was, now), PRINTER)
    assert "3.00" in page
    assert not any(word in page for word in ("corrected", "added later", "taken back"))


@pytest.mark.parametrize("entry", ["71", ""], ids=["by its id", "by its ticket"])
def test_a_line_of_other_hours_is_one_correction_and_no_line_taken_back(may, entry, provider):
    page = may(MAIL.replace(",3,", ",4,").replace("71,", f"{entry},", 1), PRINTER)
    assert page.count(kept_together("was 3.00 h, corrected on 20 July 2026")) == 1
    assert not any(word in page for word in ("added later", "taken back"))


def test_a_line_of_another_day_is_corrected_too(may):
    page = may(MAIL.replace("05-08", "05-11"), PRINTER)
    assert page.count("corrected, published on 20 July 2026") == 1
    assert not any(word in page for word in ("added later", "taken back"))


def test_only_the_line_that_is_gone_is_taken_back(may):
    page = may(MAIL.replace(",3,", ",4,"))
    assert page.count(kept_together("was 3.00 h, corrected on 20 July 2026")) == 1
    assert "1 line was taken back on 20 July 2026." in page

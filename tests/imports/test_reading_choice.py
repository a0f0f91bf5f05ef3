"""What nothing in a file proves is a choice on its page, each answer with rows as it reads them."""

from django.urls import reverse

from accounts.tenancy import tenant_scope
from imports.models import Import

CP850 = "Date,Client,Hours,Notes\n2026-02-10,Acme Dental,1.5,Gerät für Söhne\n".encode("cp850")
CLOCKS = (
    b"Project,Client,Description,User,Start Date,Start Time,End Date,End Time\n"
    b"S,Acme Dental,x,Jo,2026-02-10,12:48,2026-02-10,01:05\n"
)


def answer(world, source, **said):
    return world.manager.post(reverse("reread_import", args=[source.pk]), said, follow=True).content.decode()


def options_of(world, source):
    with tenant_scope(world.provider):
        return Import.objects.get(pk=source.pk).options


def test_a_code_page_is_chosen_with_rows_in_view_the_likeliest_first(world):
    source = world.upload_bytes(CP850)
    page = world.page(source)
    assert "Which of these reads right?" in page
    assert page.index("Gerät für Söhne") < page.index('value="mac_roman"')
    assert 'value="cp1252"' not in page  # it has no such letters
    page = answer(world, source, encoding="cp850")
    assert "can’t be read as it is" not in page
    assert options_of(world, source)["encoding"] == "cp850"


def test_a_clock_is_chosen_by_the_hours_that_it_gives(world):
    source = world.upload_bytes(CLOCKS)
    page = world.page(source)
    assert "2026-02-10 12:48 · 2026-02-10 01:05 · 0.28" in page
    assert "2026-02-10 12:48 · 2026-02-10 01:05 · -11.72" in page
    assert "can’t be read as it is" not in answer(world, source, clock="12")


def test_days_are_chosen_as_each_order_reads_them(world):
    with tenant_scope(world.provider):
        type(world.provider).objects.filter(pk=world.provider.pk).update(date_order="")
    source = world.upload_bytes(b"Date,Client,Hours\n02/03/2026,Acme Dental,1.5\n")
    page = world.page(source)
    assert "02/03/2026 · 2026-02-03" in page
    assert "02/03/2026 · 2026-03-02" in page
    assert "can’t be read as it is" not in answer(world, source, date_order="mdy")


def test_what_was_chosen_stays_where_the_file_is_read_another_way_again(world):
    source = world.upload_bytes(CP850)
    answer(world, source, encoding="cp850")
    answer(world, source, format="generic")
    assert options_of(world, source)["encoding"] == "cp850"


def test_a_code_page_that_nobody_knows_is_refused_in_words(world):
    source = world.upload_bytes(CP850)
    answer(world, source, encoding="flurb")
    assert "encoding" not in options_of(world, source)

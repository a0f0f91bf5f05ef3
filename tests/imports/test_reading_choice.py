"""What nothing in a file proves is a choice on its page, each answer with rows as it reads them."""

import pytest
import time_machine
from django.urls import reverse

from accounts.tenancy import tenant_scope
from imports.models import Import
from tests.imports.desk import NOW, a_desk

CP850 = "Date,Client,Hours,Notes\n2026-02-10,Acme Dental,1.5,Gerät für Söhne\n".encode("cp850")
CLOCKS = (
    b"Project,Client,Description,User,Start Date,Start Time,End Date,End Time\n"
    b"S,Acme Dental,x,Jo,2026-02-10,12:48,2026-02-10,01:05\n"
)


@pytest.fixture
def desk(db):
    with time_machine.travel(NOW, tick=False):
        yield a_desk()


def answer(desk, source, **said):
    return desk.browser.post(reverse("reread_import", args=[source.pk]), said, follow=True).content.decode()


def options_of(desk, source):
    with tenant_scope(desk.provider):
        return Import.objects.get(pk=source.pk).options


def test_a_code_page_is_chosen_with_rows_in_view_the_likeliest_first(desk):
    source = desk.upload_bytes(CP850)
    page = desk.page(source)
    assert "Which of these reads right?" in page
    assert page.index("Gerät für Söhne") < page.index('value="mac_roman"')
    assert 'value="cp1252"' not in page  # it has no such letters
    page = answer(desk, source, encoding="cp850")
    assert "can’t be read as it is" not in page
    assert options_of(desk, source)["encoding"] == "cp850"


def test_a_clock_is_chosen_by_the_hours_that_it_gives(desk):
    source = desk.upload_bytes(CLOCKS)
    page = desk.page(source)
    assert "2026-02-10 12:48 · 2026-02-10 01:05 · 0.28" in page
    assert "2026-02-10 12:48 · 2026-02-10 01:05 · -11.72" in page
    assert "can’t be read as it is" not in answer(desk, source, clock="12")


def test_days_are_chosen_as_each_order_reads_them(desk):
    with tenant_scope(desk.provider):
        type(desk.provider).objects.filter(pk=desk.provider.pk).update(date_order="")
    source = desk.upload_bytes(b"Date,Client,Hours\n02/03/2026,Acme Dental,1.5\n")
    page = desk.page(source)
    assert "02/03/2026 · 2026-02-03" in page
    assert "02/03/2026 · 2026-03-02" in page
    assert "can’t be read as it is" not in answer(desk, source, date_order="mdy")


def test_what_was_chosen_stays_where_the_file_is_read_another_way_again(desk):
    source = desk.upload_bytes(CP850)
    answer(desk, source, encoding="cp850")
    answer(desk, source, format="generic")
    assert options_of(desk, source)["encoding"] == "cp850"


def test_a_code_page_that_nobody_knows_is_refused_in_words(desk):
    source = desk.upload_bytes(CP850)
    answer(desk, source, encoding="flurb")
    assert "encoding" not in options_of(desk, source)

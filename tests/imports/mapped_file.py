"""A file whose columns nobody knows, the page that maps them, and a mapping of them."""

import re

from django.urls import reverse

from imports.reading.formats.table import Unit
from imports.reading.mapped import Mapping, header_signature

HEADER = ("Wann", "Kundin", "Wie lang", "Gratis", "Internal client description")


FILE = (
    ",".join(HEADER) + "\n"
    "2026-02-10,Acme Dental,90,No,secret one\n"
    "2026-02-11,Acme Dental,30,No,secret two\n"
    "2026-02-30,Birch & Lowe,60,Yes,secret three\n"
).encode()


CHOSEN = {"column-date": "0", "column-company": "1", "column-worked": "2", "unit": "minutes"}


def address(source, name="map_columns"):
    return reverse(name, args=[source.pk])


def map_page(world, source, **fields):
    """The mapping page, opened or posted to."""
    if not fields:
        return world.manager.get(address(source)).content.decode()
    return world.manager.post(address(source), fields, follow=True).content.decode()


def save(world, source, name="Wochenblatt", **more):
    return map_page(world, source, **{**CHOSEN, "name": name, "do": "save", **more})


def chosen(page, field):
    """The column that a field's select stands at."""
    select = re.search(rf'<select id="column-{field}".*?</select>', page, re.DOTALL).group(0)
    found = re.search(r'<option value="(\d*)" selected>', select)
    return found.group(1) if found else ""


def mapping(name="Wochenblatt", header=HEADER, **more):
    columns = {"date": header[0], "company": header[1], "worked": header[2]}
    return Mapping(name, header_signature(header), columns, **{"unit": Unit.MINUTES, **more})

"""The log's lines as they are printed: every text of theirs is text, however it is written."""

import random
import re
from itertools import pairwise

from django.utils.html import escape

from portal import gallery_data as data
from portal import log_kinds
from portal.gallery import Scene
from portal.log import Total
from portal.log_days import Day, Line
from portal.templatetags import log_rows
from portal.templatetags.figures import kept_together
from portal.templatetags.log_rows import log_table, log_totals
from tests.portal.pages import only

LINE = Line(text="Printer", why="as worked", pool="Remote", hours="1.00")
MARKUP = "<b>{0} & \"{1}'"


def printed(*lines: Line, total: str = "") -> str:
    return log_table((Day("3 Nov", "Tue", lines, "On 3 November" if total else "", total),), part="log")


def test_every_text_of_a_line_is_escaped():
    names = [name for name, kind in Line.__annotations__.items() if kind is str]
    assert len(names) == 8
    part = LINE._replace(**dict.fromkeys(names, MARKUP))
    for line in (part, part._replace(parts=(part, part))):
        html = log_table(
            (Day(MARKUP, MARKUP, (line,), MARKUP, MARKUP),), MARKUP, "", (Total(MARKUP, MARKUP, is_sum=True),)
        )
        assert "<b>" not in html
        assert html.count("&lt;b&gt;{0} &amp; &quot;{1}&#x27;") >= len(names) + 3


def test_a_day_is_named_once_and_totalled_where_it_has_several_lines():
    html = printed(LINE, LINE._replace(text="Mail"), total="2.00")
    assert html.count('<th scope="rowgroup">') == 1
    assert re.findall(r"<bdi>(\w+)</bdi><small>", html) == ["Printer", "Mail"]
    assert html.endswith(
        '<tr class="day"><td></td><td>On 3 November</td><td>2.00</td></tr></tbody>\n</table>\n'
    )


def test_a_question_says_what_it_is_about():
    html = printed(LINE._replace(ask_href="ask/?line=1", number="1"))
    assert (
        '<a class="q" href="ask/?line=1">Ask<span class="sr"> about 3 Nov, line 1: <bdi>Printer</bdi>, 1.00 h'
        in html
    )


def test_an_incident_opens_on_its_lines():
    html = printed(LINE._replace(parts=(LINE, LINE), is_open=True, so_far="2.0 h so far"))
    assert '<details class="incident" open><summary><bdi>Printer</bdi><small>as worked' in html
    assert html.count("<li>") == 2
    assert " · 2.0 h so far" in html


def test_what_is_folded_says_in_its_head_what_it_is_of_and_a_whole_log_is_named_by_its_section():
    days = (Day("3 Nov", "Tue", (LINE,), "", ""),)
    folded = log_table(days, title=MARKUP)
    assert folded.startswith('<table class="log oneday"><caption class="sr">&lt;b&gt;{0} &amp; ')
    assert 'Work <span class="again">&lt;b&gt;' in folded
    assert log_table(days * 2, title="November").startswith('<table class="log"><caption')
    assert log_table(days, part="log-a").startswith('<table class="log" aria-labelledby="log-a-name"><thead>')


def test_totals_are_the_foot_of_the_table_and_their_sum_stands_out():
    html = log_totals((Total("Remote", "1.00", is_sum=False), Total("Hours used", "3.00", is_sum=True)))
    assert re.findall(r'<tr( class="whole")?><th scope="row" colspan="2"><bdi>([^<]+)', html) == [
        ("", "Remote"),
        (' class="whole"', "Hours used"),
    ]
    assert html.startswith("<tfoot>")
    assert html.endswith("</tfoot>\n")
    assert log_totals(()) == ""


def test_figures_keep_their_units_also_beside_a_sign_that_no_page_has():
    assert kept_together("<p>1 h</p>\0<p>2 h</p>") == "<p>1\u00a0h</p>\0<p>2\u00a0h</p>"


def test_figures_keep_their_units_in_texts_alone():
    """As if the page were cut at its tags, and each text between two of them looked through by itself."""
    chance = random.Random(20261130)
    pieces = [
        *(
            "<p>",
            "</p>",
            '<td title="6.5 h of 8 h">',
            "<br>",
            '<a aria-label="× 2">',
            "<textarea>7 h</textarea>",
        ),
        *("6.5 h", " 2", "× ", "75 %", " h", "8 hours", "\n", "&gt; 1 min", "Remote", "+  3", "\0"),
        *("<title>\n2 h</title>", "<style>a{b:1 h}</style>", "7", "12 h ", " min", '<i class="a">'),
    ]
    whole_tags = re.compile(r"(<(textarea|style|title)>.*?</\2>|<[^>]*>)", re.DOTALL)
    for _ in range(2_000):
        html = "".join(chance.choices(pieces, k=12))
        ends = [0, *(place for found in whole_tags.finditer(html) for place in found.span()), len(html)]
        parts = [html[start:end] for start, end in pairwise(ends)]
        parts[::2] = map(kept_together, parts[::2])
        assert kept_together(html) == "".join(parts), html


def test_the_texts_of_a_log_are_escaped_together(monkeypatch):
    calls = []
    monkeypatch.setattr(log_rows, "escape", lambda text: calls.append(text) or escape(text))
    lines = [LINE._replace(text=f"{number} & {MARKUP}", number=str(number)) for number in range(100)]
    html = printed(*lines, total="100.00")

    assert len(calls) == 1
    assert html.count("&amp; &lt;b&gt;{0} &amp; &quot;{1}&#x27;") == 100


def test_a_sign_that_no_page_has_is_left_out_of_a_text():
    assert "<bdi>ab</bdi>" in printed(LINE._replace(text="a\0b"))


def test_of_a_log_in_which_nothing_is_multiplied_no_line_is_looked_at_twice(monkeypatch):
    looked_at = []
    monkeypatch.setattr(log_kinds, "_kind_line", lambda *said: looked_at.append(said))
    shown = only(Scene(data.PROJECTS, data.PROJECT_WORK))

    assert shown.log.kinds == ()
    assert looked_at == []

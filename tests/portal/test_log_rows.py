"""The log's lines as they are printed: every text of theirs is text, however it is written."""

import re
from dataclasses import fields, replace

from portal.log import Total
from portal.log_days import Day, Line
from portal.templatetags.figures import kept_together
from portal.templatetags.log_rows import log_table, log_totals

LINE = Line(text="Printer", why="as worked", pool="Remote", hours="1.00")
MARKUP = "<b>{0} & \"{1}'"


def printed(*lines: Line, total: str = "") -> str:
    return log_table((Day("3 Nov", "Tue", lines, "On 3 November" if total else "", total),), part="log")


def test_every_text_of_a_line_is_escaped():
    names = [field.name for field in fields(Line) if field.type is str or field.type == "str"]
    assert len(names) == 8
    part = replace(LINE, **dict.fromkeys(names, MARKUP))
    for line in (part, replace(part, parts=(part, part))):
        html = log_table(
            (Day(MARKUP, MARKUP, (line,), MARKUP, MARKUP),), MARKUP, "", (Total(MARKUP, MARKUP, is_sum=True),)
        )
        assert "<b>" not in html
        assert html.count("&lt;b&gt;{0} &amp; &quot;{1}&#x27;") >= len(names) + 3


def test_a_day_is_named_once_and_totalled_where_it_has_several_lines():
    html = printed(LINE, replace(LINE, text="Mail"), total="2.00")
    assert html.count('<th scope="rowgroup">') == 1
    assert re.findall(r"<bdi>(\w+)</bdi><small>", html) == ["Printer", "Mail"]
    assert html.endswith(
        '<tr class="day"><td></td><td>On 3 November</td><td>2.00</td></tr></tbody>\n</table>\n'
    )


def test_a_question_says_what_it_is_about():
    html = printed(replace(LINE, ask_href="ask/?line=1", number="1"))
    assert (
        '<a class="q" href="ask/?line=1">Ask<span class="sr"> about 3 Nov, line 1: <bdi>Printer</bdi>, 1.00 h'
        in html
    )


def test_an_incident_opens_on_its_lines():
    html = printed(replace(LINE, parts=(LINE, LINE), is_open=True, so_far="2.0 h so far"))
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

"""The few words of the templates' own: what may be there, and what is not there where there is nothing to say."""

import random
from itertools import pairwise
from types import SimpleNamespace

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template

from presentation import counts, phrases


def shown(source, **context):
    return Template(source).render(Context(context))


def test_lines_of_a_file_are_drawn_together_where_they_run_on():
    chance = random.Random(7)
    for most in (3, 12, 60):
        numbers = [chance.randrange(1, most) for _ in range(chance.randrange(40))]
        said = counts.lines(numbers)
        assert "more place" not in said
        spans = [span.split("–") for span in filter(None, said.split(", "))]
        assert [n for span in spans for n in range(int(span[0]), int(span[-1]) + 1)] == sorted(set(numbers))
        assert all(int(after[0]) - int(before[-1]) > 1 for before, after in pairwise(spans))
    assert (counts.lines([]), counts.lines([4]), counts.lines(range(2, 100_002))) == ("", "4", "2–100001")
    most = counts.MOST_SPANS
    assert counts.lines(range(0, 2 * most, 2)) == ", ".join(map(str, range(0, 2 * most, 2)))
    assert counts.lines(range(0, 2 * most + 6, 2)).endswith(f", {2 * most - 2} and 3 more places")


def test_of_a_long_list_only_what_is_named_is_put_into_words():
    asked = []
    said = phrases.some(range(1, 31), 3, lambda number: asked.append(number) or f"{number} May")
    assert (said, asked) == ("1 May, 2 May, 3 May and 27 more", [1, 2, 3])
    assert phrases.some(range(1, 5), 3, str) == "1, 2, 3 and 4"


@pytest.mark.parametrize(
    ("value", "printed"), [(True, " selected"), ("x", " selected"), ("", ""), (None, "")]
)
def test_an_attribute_is_there_where_its_value_holds(value, printed):
    assert shown('<option{{ value|then:" selected" }}>', value=value) == f"<option{printed}>"


def test_an_attribute_is_there_where_its_value_does_not_hold():
    assert shown('<p{{ value|otherwise:" hidden" }}>', value=False) == "<p hidden>"
    assert shown('<p{{ value|otherwise:" hidden" }}>', value=True) == "<p>"


def test_the_attributes_words_stand_as_they_are_and_what_nobody_gave_is_nothing():
    assert shown("<a{{ here|then:' aria-current=\"page\"' }}>", here=1) == '<a aria-current="page">'
    assert shown("<a{{ here|then:' aria-current=\"page\"' }}>") == "<a>"


def test_a_text_stands_in_its_element_or_is_not_there():
    source = '{% said text "p" class="soft small" dir="auto" %}'
    assert shown(source, text="So many hours") == '<p class="soft small" dir="auto">So many hours</p>'
    assert shown(source, text="") == shown(source) == ""


def test_a_text_that_somebody_typed_is_escaped():
    assert shown('{% said text "bdi" %}', text="<b>&") == "<bdi>&lt;b&gt;&amp;</bdi>"
    assert shown('{{ text|after:" · " }}', text="<b>") == " · &lt;b&gt;"


def test_nothing_stands_behind_words_that_have_nothing_to_say():
    assert shown('{{ text|after:" · " }}', text="") == ""


@pytest.mark.parametrize(
    ("template", "value", "expected"),
    [
        ('{% said x "p" class="soft" %}', "1 < 2", '<p class="soft">1 &lt; 2</p>'),
        ('{% said x "p bdi" before=": " %}', "north", ": <p><bdi>north</bdi></p>"),
        ('{% said x "a" data_open="how" %}', "Open", '<a data-open="how">Open</a>'),
        ('{{ x|attribute:"title" }}', '"so"', ' title="&quot;so&quot;"'),
        ('{% chip x "closed" "amber" %}', True, ' <span class="chip amber">closed</span>'),
        ('{% link x "Next" rel="next" %}', "?page=2&a=1", '<a href="?page=2&amp;a=1" rel="next">Next</a>'),
        ('{% hidden "seen" x %}', "mark", '<input type="hidden" name="seen" value="mark">'),
        ('{% invalid x "wrong-" "key" %}', ["bad"], ' aria-invalid="true" aria-describedby="wrong-key"'),
        ('{{ x|ahead_of:" · " }}', "a&b", "a&amp;b · "),
        (
            '{% labelled "Not read:" x class="small" %}',
            "A",
            '<p class="small">Not read: <span dir="auto">A</span></p>',
        ),
        ('{% wrong x "wrong-" 3 %}', "so", '<p class="error" id="wrong-3">so</p>'),
        ("{% bullets x %}", ["<b>"], '<ul><li dir="auto">&lt;b&gt;</li></ul>'),
    ],
)
def test_what_may_be_there_is_printed_escaped_where_it_is_and_not_at_all_where_it_is_not(
    template, value, expected
):
    assert shown(template, x=value) == expected
    assert shown(template, x="" if isinstance(value, str) else []) == ""


def test_a_cell_of_several_lines_puts_the_others_below_the_first_and_has_a_dash_without_any():
    assert (
        shown('{% stacked x "strong" %}', x=["+1", "so"]) == '<strong>+1</strong><span class="sub">so</span>'
    )
    assert shown("{% stacked x %}", x=()) == "–"


def test_an_option_is_chosen_by_what_it_says():
    assert shown('{% same x "de" " selected" %}', x="de") == " selected"
    assert shown('{% same x "de" " selected" %}', x="en") == ""
    assert shown('{% same x draft.language " selected" %}', x="de", draft=None) == ""
    assert shown('{% among x draft.days " checked" %}', x=1, draft={"days": [1, 2]}) == " checked"
    assert shown('{% among x draft.days " checked" %}', x=1, draft=None) == ""


@pytest.mark.parametrize(("writes", "expected"), [(True, "a b"), (False, "a ")])
def test_what_is_for_managers_is_not_shown_to_viewers_or_to_nobody(writes, expected):
    template = "a {% managers %}b{% endmanagers %}"
    assert shown(template, member=SimpleNamespace(writes=writes)) == expected
    assert shown(template) == "a "


def test_viewers_are_shown_what_stands_for_them_instead():
    template = "{% managers %}a{% viewers %}b{% endmanagers %}"
    assert shown(template, member=SimpleNamespace(writes=True)) == "a"
    assert shown(template, member=SimpleNamespace(writes=False)) == "b"


def test_the_pages_beside_a_page_are_named_with_what_their_links_say():
    template = (
        "{% turns page 'Back' 'On' as beside %}"
        "{% for number, words, rel in beside %}{{ number }} {{ words }} {{ rel }};{% endfor %}"
    )
    pages = Paginator(range(3), 1)
    assert shown(template, page=pages.page(1)) == "2 On next;"
    assert shown(template, page=pages.page(2)) == "1 Back prev;3 On next;"


def test_a_part_of_a_page_is_printed_with_what_it_is_about_or_not_at_all():
    template = '{% part "desk/refusal.html" refusal=x %}{{ refusal }}'
    assert "<p>Not &lt;so&gt;</p>" in shown(template, x=SimpleNamespace(why="Not <so>", lines=()))
    assert shown(template, x=None) == ""

"""The few words of the templates' own: what may be there, and what is not there where there is nothing to say."""

import pytest
from django.template import Context, Template


def shown(source, **context):
    return Template(source).render(Context(context))


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

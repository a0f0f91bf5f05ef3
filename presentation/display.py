"""What templates print with few words of their own: an attribute that may be there, a text that may be empty.

Every template knows these without loading them.
"""

from collections.abc import Container, Iterable, Mapping, Sequence

from django import template
from django.core.paginator import Page
from django.template.base import Parser, Token
from django.utils.html import format_html, format_html_join

from presentation import phrases

register = template.Library()


@register.filter
def then(value: object, words: str) -> str:
    """The words where the value holds: `<option{{ option.chosen|then:" selected" }}>`."""
    return words if value else ""


@register.filter
def otherwise(value: object, words: str) -> str:
    """The words where the value doesn't hold."""
    return "" if value else words


@register.filter
def after(value: object, words: str) -> str:
    """The value behind these words; nothing where there is no value."""
    return format_html("{}{}", words, value) if value else ""


@register.filter
def ahead_of(value: object, words: str) -> str:
    """The value in front of these words; nothing where there is no value."""
    return format_html("{}{}", value, words) if value else ""


# `{% filter one_stop %}` around a sentence in which a name stands last
register.filter("one_stop", phrases.one_stop, is_safe=True)


@register.simple_tag
def labelled(label: str, text: object, **attributes: str) -> str:
    """A paragraph that says what it is and then it, in whatever script; nothing where there is no text."""
    shown = '<p{}>{} <span dir="auto">{}</span></p>'
    return format_html(shown, _shown(attributes), label, text) if text else ""


@register.simple_tag
def said(text: object, tags: str, before: str = "", **attributes: str) -> str:
    """The text in an element of its own, behind `before`; nothing where there is no text.

    `{% said page.notes "p" class="soft" %}` prints `<p class="soft">…</p>`; `"p bdi"` puts a `bdi` inside.
    """
    if not text:
        return ""
    outer, *inner = tags.split()
    shown = "".join(f' {name.replace("_", "-")}="{{}}"' for name in attributes)
    opened, closed = (f"<{'><'.join(inner)}>", f"</{'></'.join(reversed(inner))}>") if inner else ("", "")
    signs = f"{{}}<{outer}{shown}>{opened}{{}}{closed}</{outer}>"
    return format_html(signs, before, *attributes.values(), text)


def _shown(attributes: Mapping[str, object]) -> str:
    """Attributes as they are printed; a hyphen is written as `_` in a template."""
    pairs = ((name.replace("_", "-"), value) for name, value in attributes.items())
    return format_html_join("", ' {}="{}"', pairs)


@register.simple_tag(takes_context=True)
def part(context: template.Context, name: str, **of: object) -> str:
    """A part of the page in a template of its own, handed what it is about; nothing where there is nothing of it."""
    if not any(of.values()) or context.template is None:
        return ""
    with context.push(**of):
        return context.template.engine.get_template(name).render(context)


@register.simple_tag
def either(holds: object, words: str, other: str) -> str:
    """One of two texts: `{% either client _("Edit") _("New") %}`."""
    return words if holds else other


@register.simple_tag
def same(value: object, other: object, words: str) -> str:
    """The words where both are just one: `<option{% same value draft.pool " selected" %}>`.

    A tag, as a filter can't be given what may not be there: that would be an error.
    """
    return words if value == other else ""


@register.simple_tag
def among(value: object, others: Container[object], words: str) -> str:
    """The words where the value is one of these: `<input{% among value draft.days " checked" %}>`."""
    return words if others and value in others else ""


@register.simple_tag
def hidden(name: str, value: object) -> str:
    """What a form carries unseen; nothing where there is nothing to carry."""
    return format_html('<input type="hidden" name="{}" value="{}">', name, value) if value else ""


@register.simple_tag
def stacked(texts: Sequence[str], tag: str = "") -> str:
    """A cell of several lines: the first one as it is, or in `tag`, the others smaller below; a dash without any."""
    if not texts:
        return "–"
    first, *others = texts
    below = format_html_join("", '<span class="sub">{}</span>', ((each,) for each in others))
    return format_html("{}{}", format_html("<{0}>{1}</{0}>", tag, first) if tag else first, below)


@register.filter
def attribute(value: object, name: str) -> str:
    """The attribute with that value; nothing where there is none: `<th{{ heading.sort|attribute:"aria-sort" }}>`."""
    return format_html(' {}="{}"', name, value) if value else ""


@register.simple_tag
def bullets(texts: Sequence[str], **attributes: str) -> str:
    """A list of texts; nothing where there are none."""
    lines = format_html_join("", '<li dir="auto">{}</li>', ((text,) for text in texts))
    return format_html("<ul{}>{}</ul>", _shown(attributes), lines) if texts else ""


@register.simple_tag
def chip(holds: object, words: str, tone: str = "") -> str:
    """A chip behind what it is about, where that holds: `{% chip effect.closed _("closed") "amber" %}`."""
    look = f"chip {tone}".strip()
    return format_html(' <span class="{}">{}</span>', look, words) if holds else ""


@register.simple_tag
def chips(found: Iterable[tuple[str, str]]) -> str:
    """Chips, each with its tone and its words; nothing where there are none."""
    shown = format_html_join("", '<span class="chip {}">{}</span> ', found)
    return format_html('<span class="chips">{}</span>', shown) if shown else ""


@register.simple_tag
def turns(page: Page[object], back: str, on: str) -> list[tuple[int, str, str]]:
    """The pages beside this one: the number of each, what its link says, and how it is related."""
    found = []
    if page.has_previous():
        found.append((page.previous_page_number(), back, "prev"))
    if page.has_next():
        found.append((page.next_page_number(), on, "next"))
    return found


@register.simple_tag(takes_context=True)
def turned(context: template.Context, number: int, name: str) -> str:
    """What is asked for, at another page of the list that is called so in the address: `page` without a name."""
    asked = context["request"].GET.copy()
    asked[name or "page"] = str(number)
    return f"?{asked.urlencode()}"


@register.simple_tag
def link(href: str, words: str, **attributes: str) -> str:
    """A link; nothing where it leads nowhere."""
    if not href:
        return ""
    look = {name: attributes.pop(name) for name in ("class",) if name in attributes}
    return format_html("<a{}>{}</a>", _shown({**look, "href": href, **attributes}), words)


@register.simple_tag
def invalid(wrong: object, place: str, name: object) -> str:
    """What an input says of itself where something is wrong with it, and where that is written."""
    sign = ' aria-invalid="true" aria-describedby="{}{}"'
    return format_html(sign, place, name) if wrong else ""


@register.simple_tag
def wrong(text: str, place: str, name: object) -> str:
    """What is wrong with an input, where `invalid` says that it is written."""
    return format_html('<p class="error" id="{}{}">{}</p>', place, name, text) if text else ""


class ManagersNode(template.Node):
    def __init__(self, inside: template.NodeList, viewers: template.NodeList) -> None:
        self._inside, self._viewers = inside, viewers

    def render(self, context: template.Context) -> str:
        member = context.get("member")
        return (self._inside if member and member.writes else self._viewers).render(context)


@register.tag
def managers(parser: Parser, _token: Token) -> ManagersNode:
    """`{% managers %}…{% endmanagers %}`: what is for those who change things, and what a viewer isn't shown; what a
    viewer is shown instead stands behind `{% viewers %}`.
    """
    inside, viewers = parser.parse(("viewers", "endmanagers")), template.NodeList()
    if parser.next_token().contents == "viewers":
        viewers = parser.parse(("endmanagers",))
        parser.delete_first_token()
    return ManagersNode(inside, viewers)

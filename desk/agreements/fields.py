"""The inputs of an agreement's form, each with its words, its value and what is wrong with it.

Which there are, and in which step, the table of fields says (`retainers.agreements.fields`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from desk.agreements.draft import AgreementDraft, KindDraft, PoolDraft
from desk.agreements.judging import Errors
from desk.agreements.texts import RowDraft
from presentation.terms_of_counting import CATEGORY_NAMES, category_words
from retainers.agreements.readers import key_of


@dataclass(frozen=True, slots=True)
class FieldOption:
    """One answer of a choice; `worked` is what it would mean, as the ledger worked it out."""

    value: str
    name: str
    chosen: bool
    worked: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One input. `kind` is text, date, number, area, select, choice, boxes, folded or hidden.

    `worked` is what its value means, as the ledger worked it out.
    """

    name: str
    label: str
    value: str = ""
    kind: str = "text"
    help: str = ""
    options: tuple[FieldOption, ...] = ()
    errors: tuple[str, ...] = ()
    worked: str = ""


class Form:
    """Builds the fields of a draft; `errors` by the name of the input."""

    def __init__(self, draft: AgreementDraft, errors: Errors) -> None:
        self.draft, self.errors = draft, errors

    def is_last(self, at: int) -> bool:
        """Whether these are the newest terms."""
        return at == len(self.draft.terms) - 1

    def field(self, name: str, label: str, value: str, kind: str = "text", help: str = "") -> Field:  # noqa: A002  # the word of the page
        return Field(name, label, value, kind, help, errors=tuple(self.errors.get(name, ())))

    def select(self, name: str, label: str, value: str, names: Mapping[str, str], help: str = "") -> Field:  # noqa: A002  # as above
        options = tuple(FieldOption(key, words, key == value) for key, words in names.items())
        return Field(name, label, value, "select", help, options, tuple(self.errors.get(name, ())))

    def asked(self, row: RowDraft, name: str, prefix: str = "", kind: str = "") -> Field:
        """A field of the agreement, as its table says that it is asked for; `kind` is another input for it."""
        said, text = row.inputs()[name], row[name]
        ticked = text.split() if said.kind.asked == "boxes" else [text]
        options = tuple(FieldOption(key, words, key in ticked) for key, words in said.answers.items())
        return Field(
            name=prefix + name,
            label=said.label,
            value="" if said.kind.asked == "boxes" else text,
            kind=kind or said.kind.asked,
            help=said.help,
            options=options,
            errors=tuple(self.errors.get(prefix + name, ())),
        )

    def step(self, row: RowDraft, step: str, prefix: str = "") -> tuple[Field, ...]:
        """All that is asked for in one step of the form."""
        names = [name for name, said in row.inputs().items() if said.step == step]
        return tuple(self.asked(row, name, prefix) for name in names)


def name_and_days(form: Form, is_new: bool) -> tuple[Field, ...]:
    """Name and days. The key is made from the name, unless somebody unfolds it; later nobody changes it."""
    draft = form.draft
    bought = is_new and bool(draft["first_block"] or _is_block(draft))
    return (
        form.asked(draft, "name"),
        form.asked(draft, "starts"),
        form.asked(draft, "ends"),
        *([form.asked(draft, "first_block")] if bought else []),
        form.asked(draft, "business_hours"),
        _key_of_new(form, draft) if is_new else form.asked(draft, "key", kind="hidden"),
    )


def _key_of_new(form: Form, draft: AgreementDraft) -> Field:
    """Empty where it is the name's own, so that it follows a name that is changed before it is saved."""
    asked = form.asked(draft, "key", kind="folded")
    return replace(asked, value="") if draft["key"] == key_of(draft["name"]) else asked


def _is_block(draft: AgreementDraft) -> bool:
    """Whether every pool of the newest terms has a cap of nothing."""
    pools = [pool for terms in draft.terms[-1:] for pool in terms.pools if not pool.is_empty]
    return bool(pools) and all(not pool["hours"].strip("0.") for pool in pools)


def pool_fields(form: Form, prefix: str, row: int, pool: PoolDraft) -> tuple[Field, ...]:
    """One row of pools; its key is kept where nobody sees it."""
    at = f"{prefix}pools-{row}-"
    fields = [form.asked(pool, name, at) for name in pool.inputs() if name != "key"]
    return (*fields, form.asked(pool, "key", at, "hidden"))


def kind_fields(form: Form, prefix: str, row: int, kind: KindDraft) -> tuple[Field, ...]:
    """One row of kinds of work: its name first, and last what rules call it, should that be another name."""
    at = f"{prefix}kinds-{row}-"
    further = [form.asked(kind, name, at) for name in kind.inputs() if name not in ("name", "category")]
    return (form.asked(kind, "name", at), *further, _rules_name(form, at, kind))


def _rules_name(form: Form, at: str, kind: KindDraft) -> Field:
    """What rules call it stays, whatever its name becomes: they and the published entries say it so."""
    said, label = kind["category"], kind.inputs()["category"].label
    names = {"": "the same", **{key: category_words(key) for key in (*CATEGORY_NAMES, said) if key}}
    return form.select(f"{at}category", label, said, names)

r"""One value of a row as a cell of the archive's tables, and back again without loss.

A cell starts no formula in a spreadsheet. A value that is not there is `\N`, so that it is told from an empty
text; a text that says just that gets one more backslash before it.
"""

import json
import re
from typing import TYPE_CHECKING, Any

from django.db import models

from presentation.sheets import guarded, unguarded

if TYPE_CHECKING:
    Column = models.Field[Any, Any]
else:
    Column = models.Field

NOTHING = r"\N"
SEMICOLON = r"\u003b"  # the same to who reads JSON, and no place at which a spreadsheet splits
_LIKE_NOTHING = re.compile(r"\\+N")


def written(field: Column, value: Any) -> str:
    """The value of that column as a cell."""
    if value is None:
        return NOTHING
    if isinstance(field, models.JSONField):
        return json.dumps(value, ensure_ascii=False).replace(";", SEMICOLON)
    text = str(value)
    if _LIKE_NOTHING.fullmatch(text):
        return "\\" + text
    return guarded(text) if isinstance(value, str) else text


def value_of(field: Column, cell: str) -> Any:
    """What the cell says, as the column holds it. Raises ValueError or ValidationError where it can't hold it."""
    if cell == NOTHING:
        return None
    if isinstance(field, models.JSONField):
        return json.loads(cell)
    if _LIKE_NOTHING.fullmatch(cell):
        return cell[1:]
    is_text = isinstance(field, models.CharField | models.TextField)
    return unguarded(cell) if is_text else field.to_python(cell)

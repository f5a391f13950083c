"""Templates: a text with {placeholders}, and nothing that could reach further than a plain word.

Not for: what the placeholders mean (`signature`, `greeting`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from string import Formatter


def fields_of(template: str) -> tuple[str, ...]:
    """The placeholders of `template`, in order. Raises ValueError where a brace is not closed or a field not plain.

    Plain is `{name}`: no attributes, indexes, conversions or formats. `{{` and `}}` are braces.
    """
    found = []
    for _, field, form, conversion in Formatter().parse(template):
        if field is None:
            continue
        if form or conversion or not field.isidentifier():
            raise ValueError(f"write {{{field.split('.')[0].split('[')[0] or 'name'}}} alone between its braces")
        found.append(field)
    return tuple(found)


def problems_of(template: str, known: Collection[str]) -> tuple[str, ...]:
    """What is wrong with `template`, as sentences: braces, and placeholders that are not among `known`."""
    try:
        fields = fields_of(template)
    except ValueError as error:
        return (f"The text {template!r} cannot be filled in: {str(error).rstrip('.')}.",)
    names = ", ".join(f"{{{name}}}" for name in sorted(known))
    unknown = sorted({field for field in fields if field not in known})
    return tuple(f"There is no placeholder {{{field}}}; there are {names}." for field in unknown)


def fill(template: str, values: Mapping[str, str]) -> str:
    """`template` with its placeholders filled in. Raises ValueError as `fields_of`, and for an unknown placeholder."""
    parts = []
    fields_of(template)
    for text, field, _, _ in Formatter().parse(template):
        parts.append(text)
        if field is not None:
            if field not in values:
                raise ValueError(f"there is no placeholder {{{field}}}")
            parts.append(values[field])
    return "".join(parts)

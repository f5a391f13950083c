"""The preview: what the network will show of a reply, part by part, before it is sent (practice 27). Pure.

Not for: whether it may be sent (`composing` and its checks), or the pictures that go with it (`media`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from carecli.desk.composing import Composing
from carecli.desk.parts import cuts_of
from carecli.desk.views import MarkRow, PartView
from carecli.playbook.parts import Part
from carecli.safetext import SafeText, sanitize

# "@name" and "@name@server", not within an e-mail address.
_MENTION = re.compile(r"(?<![\w@.+/-])[@＠]\w+(?:@[\w-]+(?:\.[\w-]+)+)?")


def preview(
    composing: Composing, text: str, further: Sequence[str] = (), *, split: bool = False
) -> tuple[PartView, ...]:
    """The posts that a reply will be, each signed and measured.

    further: texts that follow as parts of their own. split: cut `text` where it is too long for one post; raises
    `Refused` as `parts.parts_of` does. What cannot be signed is shown as it was typed.
    """
    parts = [*(cuts_of(composing, text) if split else [Part(text, 0, len(text))])]
    parts += [Part(one, 0, len(one)) for one in further]
    return tuple(_view(composing, number, part) for number, part in enumerate(parts, start=1))


def _view(composing: Composing, number: int, part: Part) -> PartView:
    shown = sanitize(composing.signed(part.text))
    links = tuple(
        MarkRow(link.start, link.end, SafeText(link.text), link.weight) for link in composing.channel.links(shown)
    )
    return PartView(
        number=number,
        text=shown,
        length=composing.measure(part.text),
        links=links,
        mentions=tuple(_mentions(composing, shown, links)),
        draft_start=part.start,
        draft_end=part.end,
    )


def _mentions(composing: Composing, shown: SafeText, links: Sequence[MarkRow]) -> Iterator[MarkRow]:
    for found in _MENTION.finditer(shown):
        if any(link.start <= found.start() < link.end for link in links):
            continue
        weight = composing.channel.measure(found[0], composing.visibility, composing.reply_to is not None).used
        yield MarkRow(*found.span(), SafeText(found[0]), weight)

"""The composer: to whom it speaks and how publicly, the text, the locked signature, what the checks say.

It is told what to show (`show`, after each `Changed`) and decides nothing: not whether a reply may go, not its length.
Not for: checking, drafts, sending (`carecli.desk`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, tzinfo
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import TextArea

from carecli.desk.views import ComposerView, Countdown, MediaRow
from carecli.model import Finding
from carecli.tui.keymap import bindings
from carecli.tui.widgets.cells import crop, width_of, wrap
from carecli.tui.widgets.countdown_text import long_text, urgency
from carecli.tui.widgets.drawn import Drawn
from carecli.tui.widgets.painted import Painted
from carecli.tui.widgets.painting import Line, Span
from carecli.tui.widgets.reply_area import ReplyArea

_SEVERITY = {"block": 0, "warn": 1, "hint": 2, "off": 3}
_SIGNS = {"block": "✗", "warn": "!", "hint": "·"}


class ComposerRule(Painted):
    """The composer's upper edge: visibility and account at the left, countdown and length at the right."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "composer-rule--rule",
        "composer-rule--title",
        "composer-rule--public",
        "composer-rule--private",
        "composer-rule--muted",
        "composer-rule--late",
        "composer-rule--soon",
        "composer-rule--fresh",
        "composer-rule--paused",
        "composer-rule--over",
    }
    DEFAULT_CSS = """
    ComposerRule {
        height: 1;
        & > .composer-rule--rule { color: $rule; }
        & > .composer-rule--title { text-style: bold; }
        & > .composer-rule--public { color: $public; text-style: bold; }
        & > .composer-rule--private { color: $private; text-style: bold; }
        & > .composer-rule--muted { color: $muted; }
        & > .composer-rule--late { color: $late; text-style: bold; }
        & > .composer-rule--soon { color: $soon; }
        & > .composer-rule--fresh { color: $fresh; }
        & > .composer-rule--paused { color: $paused; }
        & > .composer-rule--over { color: $block; text-style: bold; }
    }
    Composer:focus-within .composer-rule--rule { color: $rule-focus; }
    """

    view: ComposerView | None = None
    countdown: Countdown | None = None

    def lines(self, width: int) -> Sequence[Line]:
        return [rule_line(self.view, self.countdown, width)]


class ComposerFoot(Painted):
    """Below the text: the signature and what is attached, then what the checks say, the gravest first."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "composer-foot--signature",
        "composer-foot--media",
        "composer-foot--muted",
        "composer-foot--ok",
        "composer-foot--hint",
        "composer-foot--warn",
        "composer-foot--block",
    }
    DEFAULT_CSS = """
    ComposerFoot {
        height: 3;
        & > .composer-foot--signature { color: $muted; }
        & > .composer-foot--media { color: $accent; }
        & > .composer-foot--muted { color: $muted; }
        & > .composer-foot--ok { color: $ok; }
        & > .composer-foot--hint { color: $hint; }
        & > .composer-foot--warn { color: $warn; }
        & > .composer-foot--block { color: $block; text-style: bold; }
    }
    """

    view: ComposerView | None = None
    attached: Sequence[MediaRow] = ()
    zone: tzinfo = UTC
    blank = True

    def lines(self, width: int) -> Sequence[Line]:
        if self.view is None:
            return ()
        asks = approval_line(self.view)
        room = width - sum(width_of(span.text) for span in asks)
        signature = (*signature_line(self.view, self.attached, self.zone, room), *asks)
        return [signature, *finding_lines(self.view, self.blank, width, max(1, self.size.height - 1))]


class Composer(Vertical, Drawn):
    """Where a reply is written. With no view it is shut: nothing can be typed.

    The text is the draft; the signature is shown after it, is counted, and cannot be edited.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings("composer")
    DEFAULT_CSS = """
    Composer {
        height: 9;
        & > ReplyArea { height: 1fr; min-height: 1; }
        &.-private { border-left: outer $private; }
    }
    """

    class Changed(Message):
        """The text was edited; `cursor` characters stand before the cursor. Not posted by `load` and `clear`."""

        def __init__(self, control: Composer, text: str, cursor: int) -> None:
            super().__init__()
            self.composer = control
            self.text = text
            self.cursor = cursor

        @property
        def control(self) -> Composer:
            return self.composer

    class Submitted(Message):
        """The agent wants the text sent. Whether it may go is for the desk to say."""

        def __init__(self, control: Composer, text: str) -> None:
            super().__init__()
            self.composer = control
            self.text = text

        @property
        def control(self) -> Composer:
            return self.composer

    class MendWanted(Message):
        """The agent wants what a check has found mended."""

    class SnippetWanted(Message):
        """The agent wants one of the desk's ready sentences."""

    class TickWanted(Message):
        """The agent has answered a question."""

    class PreviewWanted(Message):
        """The agent wants to see what the network will show."""

    class AttachWanted(Message):
        """The agent wants a picture or film to go with the text."""

    class DetachWanted(Message):
        """The agent wants the last one that was attached taken off."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._rule = ComposerRule()
        self._area = ReplyArea()
        self._foot = ComposerFoot()
        self._known_text = ""

    def compose(self) -> ComposeResult:
        yield self._rule
        yield self._area
        yield self._foot

    def show(self, view: ComposerView | None, attached: Sequence[MediaRow] = (), zone: tzinfo = UTC) -> None:
        """Show account, visibility, signature, what is attached, length and findings; None shuts the composer.

        zone: in which the time of a promise is told.
        """
        self._rule.view = self._foot.view = view
        self._foot.zone = zone
        self._foot.attached = attached
        self._foot.blank = not self.text.strip()
        self._area.open(view is not None)
        self._area.mark(view.findings if view else (), view.length.over if view and view.parts == 1 else 0)
        self.set_class(view is not None and view.visibility == "private", "-private")
        self._rule.repaint()
        self._foot.repaint()

    def set_countdown(self, countdown: Countdown | None) -> None:
        """Let the clock in the rule go on; None takes it away."""
        self._rule.countdown = countdown
        self._rule.repaint()

    @property
    def text(self) -> str:
        """What was typed, without the signature."""
        return self._area.text

    @property
    def cursor(self) -> int:
        """How many characters of the text stand before the cursor."""
        return self._area.cursor_index

    def load(self, text: str, cursor: int) -> None:
        """Replace the text by a draft. Controls in it are dropped; undo does not go back behind it."""
        self._area.load(text, cursor)
        self._known_text = self._area.text

    def put(self, text: str, start: int, end: int) -> None:
        """Put a text in the place of what stands there, and mark a part of it; undo takes that back."""
        self._area.put(text, start, end)

    def mark(self, start: int, end: int) -> None:
        """Mark a part of the text, so that what is typed takes its place."""
        self._area.select(start, end)

    def clear(self) -> None:
        """Empty the text."""
        self.load("", 0)

    def focus_text(self) -> None:
        """Put the cursor where typing begins."""
        self._area.focus()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        event.stop()
        if self.text != self._known_text:
            self._known_text = self.text
            self.post_message(self.Changed(self, self.text, self.cursor))

    def action_reply_send(self) -> None:
        self.post_message(self.Submitted(self, self.text))

    def action_reply_mend(self) -> None:
        self.post_message(self.MendWanted())

    def action_reply_snippet(self) -> None:
        self.post_message(self.SnippetWanted())

    def action_reply_tick(self) -> None:
        self.post_message(self.TickWanted())

    def action_reply_preview(self) -> None:
        self.post_message(self.PreviewWanted())

    def action_reply_attach(self) -> None:
        self.post_message(self.AttachWanted())

    def action_reply_detach(self) -> None:
        self.post_message(self.DetachWanted())


def rule_line(view: ComposerView | None, countdown: Countdown | None, width: int) -> Line:
    """Return the composer's upper edge. The visibility is never left out; the account gives way before the length."""
    if view is None:
        return (Span("─" * width, "rule"),)
    stroke = "═" if view.visibility == "private" else "─"
    right: list[Span] = []
    if countdown is not None:
        right += [Span(f" {long_text(countdown)} ", urgency(countdown)), Span(stroke * 2, "rule")]
    used = f" {view.length.used}/{view.length.limit} "
    if view.parts > 1:
        right.append(Span(f" in {view.parts} parts ", "muted"))
    elif view.length.over:
        right.append(Span(f" {view.length.over} over,{used}", "over"))
    else:
        right.append(Span(used, "muted"))
    right.append(Span(stroke, "rule"))
    left = [Span(stroke, "rule"), Span(" REPLY · ", "title"), Span(f"{view.visibility.upper()} ", view.visibility)]
    room = width - sum(width_of(span.text) for span in (*left, *right))
    account = Span(f"· as @{view.handle.removeprefix('@')} ", "muted")
    if width_of(account.text) <= room:
        left.append(account)
        room -= width_of(account.text)
    return *left, Span(stroke * max(0, room), "rule"), *right


def signature_line(view: ComposerView, attached: Sequence[MediaRow], zone: tzinfo, width: int) -> Line:
    """Return the signature, what the text promises, and the names of what is attached; their number if need be."""
    promised = "".join(f"  promises by {one.due_at.astimezone(zone):%a %H:%M}" for one in view.promises[-1:])
    signature = Span(f" ‹{view.signature}›{promised}", "signature")
    chips = "".join(f"  ▣ {one.name}" for one in attached)
    if width_of(signature.text) + width_of(chips) > width:
        chips = f"  ▣ {len(attached)} attached"
    return (signature, Span(chips, "media")) if attached else (signature,)


def approval_line(view: ComposerView) -> Line:
    """Return, behind the signature, that a lead reads the reply first."""
    return (Span("  ▸ goes to a lead", "warn"),) if view.approval else ()


def finding_lines(view: ComposerView, blank: bool, width: int, count: int) -> list[Line]:
    """Return at most `count` lines: why nothing can be sent or may be refused, the findings, or that all is well."""
    found = sorted((one for one in view.findings if one.level != "off"), key=lambda one: _SEVERITY[one.level])
    room = max(0, width - 2)
    # Its reason is worth more than a hint.
    grave = sum(one.level != "hint" for one in found)
    told = _permission_lines(view, room, max(1, count - grave))
    lines: list[Line] = [*told, *(_finding_line(one, room) for one in found)]
    if not lines and not blank:
        return [(Span(" ✓ ", "ok"), Span("ready to send", "muted"))]
    hidden = len(lines) - count
    if hidden > 0:
        more = f" +{hidden} more"
        last = count - 1 - len(told)
        kept = _finding_line(found[last], room - len(more)) if last >= 0 else _cropped(told[-1], room - len(more))
        return [*lines[: count - 1], (*kept, Span(more, "muted"))]
    return [*told, *_spread(found, room, count - len(told))]


def _spread(found: Sequence[Finding], room: int, count: int) -> Iterator[Line]:
    """A line for each finding; while there are lines to spare, all of a finding that would be cut off."""
    spare = count - len(found)
    for one in found:
        whole = [_line(line, one.level) for line in wrap(_sentence(one), max(1, room))]
        if one.remedy:
            whole += [_line(f"  {line}", "muted") for line in wrap(one.remedy, max(1, room - 2))]
        if width_of(_sentence(one) + _remedy(one)) > room and len(whole) - 1 <= spare:
            spare -= len(whole) - 1
            yield from whole
        else:
            yield _finding_line(one, room)


def _line(text: str, ink: str) -> Line:
    return (Span(f" {text}", ink),)


def _permission_lines(view: ComposerView, room: int, count: int) -> list[Line]:
    """Whether the network will refuse the reply, or may; on as many lines as that takes, `count` at most."""
    if view.allowed and not view.doubtful:
        return []
    sentence = f"? It may be refused: {view.why_not}" if view.allowed else f"✗ {view.why_not}"
    shown = wrap(sentence, max(1, room))
    if len(shown) > count:
        shown = (*shown[: count - 1], crop(" ".join(shown[count - 1 :]), room))
    return [(Span(f" {line}", "warn" if view.allowed else "block"),) for line in shown]


def _cropped(line: Line, room: int) -> Line:
    return tuple(Span(crop(span.text, room), span.ink) for span in line)


def _sentence(finding: Finding) -> str:
    return f"{_SIGNS[finding.level]} {finding.sentence}"


def _remedy(finding: Finding) -> str:
    return f" — {finding.remedy}" if finding.remedy else ""


def _finding_line(finding: Finding, room: int) -> Line:
    sentence = crop(_sentence(finding), room)
    remedy = crop(_remedy(finding), room - width_of(sentence))
    return Span(f" {sentence}", finding.level), Span(remedy if len(remedy) > 4 else "", "muted")

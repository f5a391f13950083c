"""The parts of a screen: they are handed frozen views, draw them, and say by messages what the agent does with them.

They never ask the desk, never touch the disk, never read markup, and hold no widget per row. Text reaches the screen
through `painting.paint` alone, which lets nothing through that acts on a terminal.

Colours come from these variables, which every theme defines (none has an opacity, so that a terminal's own colours do):

========================================  ==============================================================
late, soon, fresh, paused                 a countdown: over, nearly, not yet, standing still
public, private                           who can read it; always beside the word PUBLIC, PRIVATE or DM
ours, theirs                              whose message it is
hint, warn, block, ok                     what a check says of a reply; a remark, trouble, all well
muted, foreground, accent                 what is said beside, what is said, what a colleague has claimed
key, bar, bar-text                        the keys of the hint line; the two bars at the screen's edges
rule, rule-focus                          lines between things; where the keyboard is
cursor, cursor-text, cursor-style         the row under the cursor
cursor-blurred, background                the same where the keyboard is elsewhere; behind everything
========================================  ==============================================================

Not for: screens and their keys (`carecli.tui.screens`, `carecli.tui.keymap`).
"""

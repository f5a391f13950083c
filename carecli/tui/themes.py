"""Colour themes: TOML files, those shipped with the package and the user's own.

A file may leave keys out; they come from the shipped theme of the same brightness. A wrong one is named by file and
key, and never keeps the desk from opening. Not for: where a colour is used (the widgets' styles and `care.tcss`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from textual.color import Color, ColorParseError
from textual.theme import Theme

from carecli.errors import CareError, ConfigError

DEFAULT = "dark"

COLOURS = (
    "primary",
    "secondary",
    "accent",
    "foreground",
    "background",
    "surface",
    "panel",
    "warning",
    "error",
    "success",
)
"""The colours that Textual itself asks of a theme."""

OUR_COLOURS = (
    "late",
    "soon",
    "fresh",
    "paused",
    "public",
    "private",
    "ours",
    "theirs",
    "muted",
    "hint",
    "warn",
    "block",
    "ok",
    "key",
    "rule",
    "rule-focus",
    "bar",
    "bar-text",
    "cursor",
    "cursor-text",
    "cursor-blurred",
)
"""The desk's own colours, `$late` and so on in styles."""

OUR_STYLES = ("cursor-style",)
"""The desk's own text styles: how the cursor's row is set off where colour alone must not do it."""

_STYLE_WORDS = frozenset({"none", "bold", "dim", "italic", "underline", "reverse"})
_SWITCHES = ("dark", "ansi")


class Themes(NamedTuple):
    """All themes that could be read, shipped ones first, and what was wrong with the others."""

    themes: tuple[Theme, ...]
    problems: tuple[ConfigError, ...]


def shipped_folder() -> Path:
    """Where the package's own themes stand: inside it when installed, beside it in a source tree."""
    package = Path(__file__).parents[1]
    inside = package / "themes"
    return inside if inside.is_dir() else package.parent / "themes"


def default_variables() -> dict[str, str]:
    """The desk's own variables in the default theme, for `App.get_theme_variable_defaults`."""
    variables: dict[str, str] = _read(shipped_folder() / f"{DEFAULT}.toml")["variables"]
    return variables


def load_theme(path: Path) -> Theme:
    """Read one theme; its name is the file's.

    Raises `ConfigError` that names the file and the key.
    """
    raw = _read(path)
    base = _read(shipped_folder() / ("dark.toml" if raw.get("dark", True) else "light.toml"))
    variables = raw.get("variables", {})
    if not isinstance(variables, dict):
        raise _wrong(path, "variables", "is a table of colours")
    for key, value in raw.items():
        if key in COLOURS:
            _check_colour(path, key, value)
        elif key in _SWITCHES:
            if not isinstance(value, bool):
                raise _wrong(path, key, "is either true or false")
        elif key != "variables":
            raise _wrong(path, key, "is not a key of a theme")
    for key, value in variables.items():
        if key in OUR_STYLES:
            if not isinstance(value, str) or not set(value.split()) <= _STYLE_WORDS:
                raise _wrong(path, f"variables.{key}", f"is not a text style: {value!r}")
        elif key in OUR_COLOURS:
            _check_colour(path, f"variables.{key}", value)
        else:
            raise _wrong(path, f"variables.{key}", "is not a variable of the desk")
    merged = {key: raw.get(key, base[key]) for key in COLOURS}
    return Theme(
        name=path.stem,
        dark=bool(raw.get("dark", True)),
        ansi=bool(raw.get("ansi", False)),
        variables=_for_textual(merged, {**base["variables"], **variables}),
        **merged,
    )


def load_themes(folders: Iterable[Path]) -> Themes:
    """Read every theme in `folders`; a later one of the same name replaces an earlier."""
    themes: dict[str, Theme] = {}
    problems: list[ConfigError] = []
    for folder in folders:
        for path in sorted(folder.glob("*.toml")) if folder.is_dir() else ():
            try:
                themes[path.stem] = load_theme(path)
            except ConfigError as problem:
                problems.append(problem)
    return Themes(tuple(themes.values()), tuple(problems))


def choose(name: str, folders: Iterable[Path], *, no_color: bool) -> tuple[Theme, CareError | None]:
    """The theme to start with, read alone so that the start is quick, and what was wrong if it is not `name`.

    With `NO_COLOR` a theme of the terminal's own colours would come out black on black: the default one stands in.
    """
    default = shipped_folder() / f"{DEFAULT}.toml"
    found = [path for folder in folders if (path := folder / f"{Path(name).name}.toml").is_file()]
    if not found:
        return load_theme(default), ConfigError(
            f"There is no theme {name!r}.", "Choose one in the command palette: type `theme`.", key="theme"
        )
    try:
        theme = load_theme(found[-1])
    except ConfigError as problem:
        return load_theme(default), problem
    return (load_theme(default) if no_color and theme.ansi else theme), None


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"The theme {path.name} cannot be read: {error}.", "Mend the file.") from None


def _check_colour(path: Path, key: str, value: object) -> None:
    try:
        Color.parse(value if isinstance(value, str) else "")
    except ColorParseError:
        raise _wrong(path, key, f"is not a colour: {value!r}", "Write it as #7cb7ff or ansi_blue.") from None


def _wrong(path: Path, key: str, what: str, remedy: str = "docs/themes.md lists the keys.") -> ConfigError:
    return ConfigError(f"The theme {path.name}: `{key}` {what}.", remedy, key=key)


def _for_textual(colours: dict[str, str], ours: dict[str, str]) -> dict[str, str]:
    """Our variables, and those of Textual's own widgets that ours decide."""
    return {
        **ours,
        "border": ours["rule-focus"],
        "border-blurred": ours["rule"],
        "block-cursor-background": ours["cursor"],
        "block-cursor-foreground": ours["cursor-text"],
        "block-cursor-text-style": ours["cursor-style"],
        "block-cursor-blurred-background": ours["cursor-blurred"],
        "block-cursor-blurred-foreground": colours["foreground"],
        "scrollbar": ours["rule"],
        "scrollbar-hover": ours["muted"],
        "scrollbar-active": ours["rule-focus"],
        "scrollbar-background": colours["background"],
        "scrollbar-background-hover": colours["background"],
        "scrollbar-background-active": colours["background"],
        "scrollbar-corner-color": colours["background"],
        "text-muted": ours["muted"],
        "ansi-background": colours["background"],
        "ansi-foreground": colours["foreground"],
    }

"""Themes: complete, readable for everybody, and a wrong one never keeps the desk from opening."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from textual.color import Color

from carecli.errors import ConfigError
from carecli.tui.themes import (
    COLOURS,
    OUR_COLOURS,
    OUR_STYLES,
    choose,
    default_variables,
    load_theme,
    load_themes,
    shipped_folder,
)

SHIPPED = sorted(shipped_folder().glob("*.toml"))
TRUE_COLOUR = [path for path in SHIPPED if path.stem != "terminal-16"]
BACKGROUNDS = ("background", "surface", "panel", "bar", "cursor", "cursor-blurred")
LINES = ("rule", "rule-focus")
TEXTS = ("foreground", *(name for name in OUR_COLOURS if name not in (*BACKGROUNDS, *LINES)))


def luminance(colour: Color) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    channels = [value / 255 for value in (colour.r, colour.g, colour.b)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio as WCAG 2.2 defines it, from 1 to 21."""
    dark, light = sorted((luminance(Color.parse(one)), luminance(Color.parse(other))))
    return (light + 0.05) / (dark + 0.05)


def colours(path: Path) -> dict[str, str]:
    raw = tomllib.loads(path.read_text("utf-8"))
    return {**{key: raw[key] for key in COLOURS}, **raw["variables"]}


def test_five_themes_are_shipped() -> None:
    assert [path.stem for path in SHIPPED] == ["colour-blind-safe", "dark", "high-contrast", "light", "terminal-16"]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_theme_names_every_colour_itself(path: Path) -> None:
    raw = tomllib.loads(path.read_text("utf-8"))
    assert set(COLOURS) <= raw.keys()
    assert set(raw["variables"]) == {*OUR_COLOURS, *OUR_STYLES}


@pytest.mark.parametrize("path", TRUE_COLOUR, ids=lambda path: path.stem)
def test_every_text_has_aa_contrast_on_every_background(path: Path) -> None:
    used = colours(path)
    weak = {
        (text, ground): round(contrast(used[text], used[ground]), 2)
        for ground in BACKGROUNDS
        for text in TEXTS
        if contrast(used[text], used[ground]) < 4.5
    }
    assert not weak


@pytest.mark.parametrize("path", TRUE_COLOUR, ids=lambda path: path.stem)
def test_the_frame_of_the_focused_pane_is_seen(path: Path) -> None:
    used = colours(path)
    assert contrast(used["rule-focus"], used["background"]) >= 3


def test_the_theme_of_sixteen_colours_leaves_the_background_to_the_terminal() -> None:
    used = colours(shipped_folder() / "terminal-16.toml")
    assert all(used[ground] == "ansi_default" for ground in BACKGROUNDS)
    assert used["cursor-style"] == "reverse"


def test_colour_blind_readers_tell_late_from_fresh_by_brightness_or_blue() -> None:
    used = colours(shipped_folder() / "colour-blind-safe.toml")
    late, fresh = Color.parse(used["late"]), Color.parse(used["fresh"])
    assert late.r > fresh.r + 100
    assert fresh.b > late.b + 100


def test_a_users_theme_may_change_a_few_colours_only(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('dark = false\n[variables]\nlate = "#aa0000"\n', "utf-8")
    theme = load_theme(tmp_path / "mine.toml")
    light = load_theme(shipped_folder() / "light.toml")
    assert theme.name == "mine"
    assert theme.variables == {**light.variables, "late": "#aa0000"}
    assert theme.background == light.background


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('background = "redd"', "background"),
        ("background = 7", "background"),
        ('[variables]\nlate = "#12"', "variables.late"),
        ('[variables]\nlater = "#123456"', "variables.later"),
        ('[variables]\ncursor-style = "blinking"', "variables.cursor-style"),
        ('colour = "red"', "colour"),
        ('dark = "yes"', "dark"),
        ("variables = 3", "variables"),
    ],
)
def test_a_mistake_is_named_by_file_and_key(tmp_path: Path, text: str, key: str) -> None:
    (tmp_path / "mine.toml").write_text(text, "utf-8")
    with pytest.raises(ConfigError, match=r"mine\.toml") as wrong:
        load_theme(tmp_path / "mine.toml")
    assert wrong.value.key == key
    assert f"`{key}`" in wrong.value.sentence


def test_bad_themes_are_reported_and_the_others_are_there(tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_text("dark = ", "utf-8")
    (tmp_path / "mine.toml").write_text("", "utf-8")
    found = load_themes([shipped_folder(), tmp_path, tmp_path / "absent"])
    assert {theme.name for theme in found.themes} == {path.stem for path in SHIPPED} | {"mine"}
    assert len(found.problems) == 1
    assert "broken.toml" in found.problems[0].sentence


def test_the_default_theme_stands_in_for_one_that_is_wrong_or_unknown(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('background = "redd"', "utf-8")
    for name, said in (("mine", "`background`"), ("nobody's", "no theme")):
        theme, problem = choose(name, [shipped_folder(), tmp_path], no_color=False)
        assert theme.name == "dark"
        assert problem is not None and said in problem.sentence


def test_a_users_theme_replaces_a_shipped_one_of_the_same_name(tmp_path: Path) -> None:
    (tmp_path / "dark.toml").write_text('background = "#000001"', "utf-8")
    theme, problem = choose("dark", [shipped_folder(), tmp_path], no_color=False)
    assert (theme.background, problem) == ("#000001", None)


def test_without_colour_the_terminals_own_colours_are_not_used() -> None:
    assert choose("terminal-16", [shipped_folder()], no_color=False)[0].ansi
    assert not choose("terminal-16", [shipped_folder()], no_color=True)[0].ansi


def test_every_variable_has_a_default() -> None:
    assert set(default_variables()) == {*OUR_COLOURS, *OUR_STYLES}


def test_the_page_of_themes_names_every_key_and_theme() -> None:
    page = (Path(__file__).parents[2] / "docs" / "themes.md").read_text("utf-8")
    names = (*COLOURS, *OUR_COLOURS, *OUR_STYLES, *(path.stem for path in SHIPPED))
    assert [name for name in names if f"`{name}`" not in page] == []

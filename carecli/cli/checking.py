"""Everything that can be said of a configuration without opening its desk, for `config check` and `doctor`.

Joins what the file's own reader, the playbook, the keymap and the themes find. Not for: finding it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from carecli import config
from carecli.errors import ConfigError


def config_problems(path: Path, today: date) -> tuple[ConfigError, ...]:
    """All that is wrong with the configuration at `path`. Raises `NotFound` where there is none."""
    found = config.problems(path, today)
    from carecli.desk.doctor import playbook_problems, unknown_checks

    if found:
        return (*found, *unknown_checks(config.named_checks(path)))
    loaded = config.load(path)
    return (*playbook_problems(loaded), *_of_keys(loaded), *_of_themes(loaded))


def _of_keys(loaded: config.Config) -> Iterator[ConfigError]:
    from carecli.tui.keyboard_layouts import translation
    from carecli.tui.keymap import keymap

    try:
        translation(loaded.keyboard, keymap(loaded.keys).characters())
    except ConfigError as error:
        yield error


def _of_themes(loaded: config.Config) -> Iterator[ConfigError]:
    from carecli.tui.themes import load_themes, shipped_folder

    themes, problems = load_themes((shipped_folder(), loaded.folder / "themes"))
    yield from problems
    names = [theme.name for theme in themes]
    if loaded.theme not in names and not any(problem.key == "theme" for problem in problems):
        sentence = f"`theme` names {loaded.theme!r}, which is not there."
        yield ConfigError(sentence, f"Use one of {', '.join(names)}.", key="theme")

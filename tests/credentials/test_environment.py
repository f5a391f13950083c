"""Secrets from the environment, and what was renewed from them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.config import parse
from carecli.credentials import open_vault
from carecli.credentials.environment import EnvironmentVault, variable
from carecli.credentials.secrets_file import FileVault
from carecli.credentials.vault import NAMES
from carecli.errors import ConfigError

KEYS = {
    "CARECLI_CARE_API_KEY": "key",
    "CARECLI_CARE_API_SECRET": "key-secret",
    "CARECLI_CARE_ACCESS_TOKEN": "token",
    "CARECLI_CARE_ACCESS_TOKEN_SECRET": "token-secret",
}
SEED = {"CARECLI_CARE_REFRESH_TOKEN": "seed"}
RENEWED = {"access_token": "a1", "refresh_token": "r1", "expires_at": "2026-03-02T11:00:00+00:00"}


@pytest.fixture
def file(tmp_path: Path) -> FileVault:
    return FileVault(tmp_path / "credentials.toml")


@pytest.mark.parametrize(
    ("account", "name"),
    [("care", "CARECLI_CARE_API_KEY"), ("care-x", "CARECLI_CARE_X_API_KEY"), ("Care.2", "CARECLI_CARE_2_API_KEY")],
)
def test_the_variable_is_the_accounts_id_and_the_secrets_name_in_capitals(account: str, name: str) -> None:
    assert variable(account, "api_key") == name


def test_the_environment_alone_is_enough_and_nothing_of_it_is_kept(file: FileVault) -> None:
    vault = EnvironmentVault(file, KEYS)
    found = vault.read("care")
    assert found == {
        "api_key": "key", "api_secret": "key-secret", "access_token": "token", "access_token_secret": "token-secret",
    }  # fmt: skip
    vault.write("care", found | {"user_id": "7"})
    assert not set(KEYS.values()) & set(file.read("care").values())
    assert vault.read("care") == found | {"user_id": "7"}
    assert set(vault.given("care")) == set(KEYS)


def test_another_accounts_variables_are_not_its(file: FileVault) -> None:
    assert EnvironmentVault(file, KEYS).read("main") == {}


def test_an_empty_variable_is_none(file: FileVault) -> None:
    assert EnvironmentVault(file, {"CARECLI_CARE_API_KEY": "  "}).read("care") == {}


def test_a_token_renewed_from_the_environments_goes_before_it(file: FileVault) -> None:
    vault = EnvironmentVault(file, SEED)
    vault.write("care", vault.read("care") | RENEWED)
    assert EnvironmentVault(file, SEED).read("care") == RENEWED


def test_a_new_token_in_the_environment_goes_before_all_that_was_renewed_from_the_old(file: FileVault) -> None:
    EnvironmentVault(file, SEED).write("care", RENEWED)
    newer = EnvironmentVault(file, {"CARECLI_CARE_REFRESH_TOKEN": "newer"})
    assert newer.read("care") == {"refresh_token": "newer"}, "the kept access token may be another account's"


def test_what_was_renewed_stays_when_the_environment_is_silent_again(file: FileVault) -> None:
    EnvironmentVault(file, SEED).write("care", RENEWED)
    assert EnvironmentVault(file, {}).read("care") == RENEWED


def test_signing_in_in_another_way_leaves_nothing_of_the_environments_session(file: FileVault) -> None:
    vault = EnvironmentVault(file, KEYS)
    vault.write("care", RENEWED | {"client_id": "app"})
    assert vault.read("care") == RENEWED | {"client_id": "app", "api_key": "key", "api_secret": "key-secret"}


def test_an_apps_secret_in_the_environment_goes_before_the_kept_one_and_ends_no_session(file: FileVault) -> None:
    EnvironmentVault(file, {}).write("care", RENEWED | {"client_secret": "old"})
    vault = EnvironmentVault(file, {"CARECLI_CARE_CLIENT_SECRET": "new"})
    assert vault.read("care") == RENEWED | {"client_secret": "new"}


SESSION = ("access_token", "refresh_token", "expires_at", "access_token_secret", "user_id", "handle")
VALUES = st.dictionaries(st.sampled_from(NAMES), st.text("ab", min_size=1, max_size=2))


@given(first=VALUES, second=VALUES, environment=VALUES)
def test_what_was_written_last_is_read_whatever_the_environment_gives_of_an_older_sign_in(
    first: dict[str, str], second: dict[str, str], environment: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:  # fmt: skip
    file = FileVault(tmp_path_factory.mktemp("any") / "credentials.toml")
    vault = EnvironmentVault(file, {variable("care", name): value for name, value in environment.items()})
    for values in (first, second):
        vault.write("care", values)
        lasting = {name: value for name, value in environment.items() if name not in SESSION}
        assert vault.read("care") == values | lasting
        copied = {name for name, value in file.read("care").items() if environment.get(name) == value}
        assert copied == set(), "nothing of the environment is kept in the file"


def test_variables_that_would_speak_for_two_accounts_are_refused(tmp_path: Path) -> None:
    text = "".join(f"[[accounts]]\nid='{name}'\nnetwork='sandbox'\nhandle='a'\n" for name in ("care-x", "care.x", "y"))
    config = parse(text, tmp_path / "config.toml")
    open_vault(config, {"CARECLI_Y_API_KEY": "key"})
    with pytest.raises(ConfigError, match=r"CARECLI_CARE_X_API_KEY .* of care-x and of care\.x") as refused:
        open_vault(config, {"CARECLI_CARE_X_API_KEY": "hush"})
    assert "hush" not in str(refused.value)

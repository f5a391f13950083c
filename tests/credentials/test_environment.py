"""Secrets from the environment, and what was renewed from them."""

from __future__ import annotations

from pathlib import Path

import pytest

from carecli.credentials.environment import EnvironmentVault, variable
from carecli.credentials.secrets_file import FileVault

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

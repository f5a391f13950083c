"""The system's keyring as a vault, through the real library and a keyring in memory."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest

from carecli.credentials.system_keyring import KeyringVault
from carecli.errors import NeedsPerson
from tests.credentials.memory_keyring import LockedKeyring, MemoryKeyring

TOKENS = {"access_token": "hush-0123", "refresh_token": "ż\x00\n"}


@pytest.fixture
def system() -> Iterator[MemoryKeyring]:
    before, memory = keyring.get_keyring(), MemoryKeyring()
    keyring.set_keyring(memory)
    yield memory
    keyring.set_keyring(before)


@pytest.mark.usefixtures("system")
def test_what_is_kept_is_read_again_until_it_is_forgotten(tmp_path: Path) -> None:
    vault = KeyringVault(tmp_path)
    assert vault.read("care") == {}
    vault.write("care", TOKENS)
    assert KeyringVault(tmp_path).read("care") == TOKENS
    vault.forget("care")
    vault.forget("care")
    assert vault.read("care") == {}


@pytest.mark.usefixtures("system")
def test_two_desks_of_one_person_do_not_share_an_account(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        KeyringVault(tmp_path / name).write("care", {"access_token": name})
    assert KeyringVault(tmp_path / "one").read("care") == {"access_token": "one"}


@pytest.mark.usefixtures("system")
def test_no_file_holds_what_the_keyring_does(tmp_path: Path) -> None:
    KeyringVault(tmp_path).write("care", TOKENS)
    assert [one.read_bytes() for one in tmp_path.iterdir()] == [b""]


@pytest.mark.parametrize("entry", ["hush-0123", '["hush-0123"]', '{"access_token": 1}'])
def test_an_entry_that_carecli_did_not_write_is_a_sentence(tmp_path: Path, system: MemoryKeyring, entry: str) -> None:
    system.set_password("carecli", f"care ({tmp_path})", entry)
    with pytest.raises(NeedsPerson, match="nothing that carecli put there") as refused:
        KeyringVault(tmp_path).read("care")
    assert "hush-0123" not in str(refused.value)


@pytest.mark.usefixtures("system")
def test_a_keyring_that_fails_is_a_sentence_without_the_secret(tmp_path: Path) -> None:
    keyring.set_keyring(LockedKeyring())
    vault = KeyringVault(tmp_path)
    for call in (lambda: vault.read("care"), lambda: vault.write("care", TOKENS), lambda: vault.forget("care")):
        with pytest.raises(NeedsPerson, match=r"does not answer \(RuntimeError\).*credentials = \"file\"") as refused:
            call()
        assert "hush-0123" not in str(refused.value)


def test_without_the_library_it_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(NeedsPerson, match=r"pip install 'carecli\[keyring\]'"):
        KeyringVault(tmp_path)

"""`carecli login x`, `carecli logout`, what doctor says of it, and that no secret is left anywhere but in its place."""

from __future__ import annotations

import os
import re
import shlex
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from carecli.channels.http import HttpClient
from carecli.clock import SystemClock
from carecli.credentials.secrets_file import FileVault
from tests.channels.x.server import FailureKind, XServer
from tests.cli.conftest import Answer, Run

CONFIG = """
agent = "claire"
agents = [{{ id = "claire", name = "Claire Lowe" }}]
[[accounts]]
id = "care"
network = "x"
handle = "{handle}"
x = {{ url = "{url}" }}
playbook = "care"
[playbooks.care]
greetings = ["Hello from {{roster}}."]
"""
ME = "GET /2/users/me"
TOKEN = "POST /2/oauth2/token"
# Follows X's redirect as a browser does when somebody allows it.
BROWSER = "import sys, httpx; httpx.get(sys.argv[1], follow_redirects=True, timeout=20)"


@pytest.fixture
def x() -> Iterator[XServer]:
    with XServer(SystemClock().now, handle="NorthwindCare", confidential=True) as server:
        yield server


@pytest.fixture
def desk(folder: Path, x: XServer) -> Path:
    """The folder of a desk whose one account is on that network, and not signed in."""
    (folder / "config.toml").write_text(CONFIG.format(handle="NorthwindCare", url=x.url), "utf-8")
    return folder


@pytest.fixture
def vault(desk: Path) -> FileVault:
    return FileVault(desk / "credentials.toml")


def keys_on_stdin(x: XServer) -> str:
    names = ("api_key", "api_secret", "access_token", "access_token_secret")
    return "".join(f"{name} = {getattr(x.keys, name)}\n" for name in names)


class SignIn:
    """`carecli login x` as a process of its own, spoken to while it waits."""

    def __init__(self, desk: Path, x: XServer, *words: str, **environment: str) -> None:
        self.said = ""
        secret = {"CARECLI_CARE_CLIENT_SECRET": x.keys.client_secret} if x.api.signing_in.confidential else {}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "carecli", "--config", str(desk / "config.toml"), "login", "x",
             "--client-id", x.keys.client_id, *words],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={name: value for name, value in os.environ.items() if name != "BROWSER"} | secret | environment,
        )  # fmt: skip

    def page(self) -> str:
        """The address of the page that it asks to open."""
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self.said += line
            if "/i/oauth2/authorize?" in line:
                return line.strip()
        raise AssertionError(self.said)

    def end(self, answer: str = "") -> Answer:
        """Give it an answer on standard input, and wait for its end."""
        out, err = self._process.communicate(answer, timeout=60)
        return Answer(self._process.returncode, out, self.said + err)


def pasted(desk: Path, x: XServer, *words: str) -> Answer:
    """A whole sign-in by the way of pasting."""
    process = SignIn(desk, x, "--paste", *words)
    return process.end(httpx.get(process.page()).headers["location"] + "\n")


def free_callback() -> str:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return f"http://127.0.0.1:{free.getsockname()[1]}/callback"


# ── by OAuth 2.0 ──────────────────────────────────────────────────────────────────────────────────


def test_a_browser_signs_the_account_in(desk: Path, x: XServer, vault: FileVault) -> None:
    browser = shlex.join([sys.executable, "-c", BROWSER, "%s"])
    answer = SignIn(desk, x, "--callback", free_callback(), BROWSER=browser).end()
    assert answer.code == 0, answer.err
    assert answer.out == (
        f"Signed in as @NorthwindCare, for the account care. "
        f"Its secrets are in {desk / 'credentials.toml'} (mode 0600).\n"
    )
    kept = vault.read("care")
    assert kept["access_token"] in x.api.authorisation.grants
    assert kept["refresh_token"] in x.api.signing_in.refreshes
    assert (kept["handle"], kept["user_id"]) == ("NorthwindCare", str(x.account.id))
    assert kept["client_id"] == x.keys.client_id
    assert len(x.calls(ME)) == 1
    assert "CARECLI_CARE_CLIENT_SECRET of the environment belongs to it: set that wherever carecli runs." in answer.err


def test_a_pasted_address_signs_the_account_in(desk: Path, x: XServer, vault: FileVault) -> None:
    answer = pasted(desk, x)
    assert answer.code == 0, answer.err
    assert "Open this page as @NorthwindCare" in answer.err
    assert vault.read("care")["access_token"] in x.api.authorisation.grants


def test_a_bare_code_is_enough(desk: Path, x: XServer, vault: FileVault) -> None:
    process = SignIn(desk, x, "--paste")
    httpx.get(process.page())
    assert process.end(next(iter(x.api.signing_in.codes))).code == 0
    assert vault.read("care")


def test_an_app_without_a_secret_needs_none(folder: Path) -> None:
    with XServer(SystemClock().now, handle="NorthwindCare") as x:
        (folder / "config.toml").write_text(CONFIG.format(handle="@northwindcare", url=x.url), "utf-8")
        assert pasted(folder, x).code == 0


def test_the_next_time_the_app_is_known(desk: Path, x: XServer, run: Run, vault: FileVault) -> None:
    vault.write("care", {"client_id": x.keys.client_id, "client_secret": x.keys.client_secret})
    assert run("login", "x", "--paste", stdin="nonsense=1\n").err.count("client_id=" + x.keys.client_id) == 1


def test_a_person_who_declines_changes_nothing(desk: Path, x: XServer, vault: FileVault) -> None:
    vault.write("care", {"access_token": "the-old-one"})
    x.api.signing_in.consents = False
    answer = pasted(desk, x)
    assert answer.code == 1
    assert "was declined at X" in answer.err
    assert vault.read("care") == {"access_token": "the-old-one"}


def test_another_accounts_sign_in_is_refused_ended_and_not_kept(desk: Path, x: XServer, vault: FileVault) -> None:
    (desk / "config.toml").write_text(CONFIG.format(handle="@Southwind", url=x.url), "utf-8")
    vault.write("care", {"access_token": "the-old-one"})
    answer = pasted(desk, x)
    assert answer.code == 1
    assert "keys of @NorthwindCare, and the account care is @Southwind. Nothing was kept." in answer.err
    assert vault.read("care") == {"access_token": "the-old-one"}
    assert not x.api.authorisation.grants
    assert not x.api.signing_in.refreshes
    assert pasted(desk, x, "--force").code == 0
    assert vault.read("care")["handle"] == "NorthwindCare"


@pytest.mark.parametrize(("fault", "code"), [("credits", 4), ("html_503", 3), ("unauthorized", 1), ("truncated", 3)])
def test_what_cannot_be_checked_is_not_kept(
    desk: Path, x: XServer, vault: FileVault, fault: FailureKind, code: int
) -> None:
    x.fail(ME, fault)
    answer = pasted(desk, x)
    assert answer.code == code, answer.err
    assert vault.read("care") == {}
    assert not x.api.signing_in.refreshes, "and ended at X"


def test_a_place_that_cannot_keep_them_is_found_out_before_anybody_is_asked(desk: Path, run: Run) -> None:
    (desk / "credentials.toml").write_text("", "utf-8")
    (desk / "credentials.toml").chmod(0o644)
    answer = run("login", "x", "--paste", "--client-id", "app", stdin="")
    assert answer.code == 4
    assert "chmod 600" in answer.err
    assert "authorize" not in answer.err


# ── by keys ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.usefixtures("desk")
def test_keys_of_oauth_1_are_read_from_standard_input_checked_and_kept(run: Run, x: XServer, vault: FileVault) -> None:
    answer = run("login", "x", "--oauth1", stdin=keys_on_stdin(x))
    assert answer.code == 0, answer.err
    assert vault.read("care") == {
        "api_key": x.keys.api_key, "api_secret": x.keys.api_secret, "access_token": x.keys.access_token,
        "access_token_secret": x.keys.access_token_secret, "user_id": str(x.account.id), "handle": "NorthwindCare",
    }  # fmt: skip


@pytest.mark.usefixtures("desk")
def test_keys_from_the_environment_are_checked_and_left_there(
    run: Run, x: XServer, vault: FileVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("api_key", "api_secret", "access_token", "access_token_secret"):
        monkeypatch.setenv(f"CARECLI_CARE_{name.upper()}", getattr(x.keys, name))
    assert run("login", "x", "--oauth1").code == 0
    kept = vault.read("care")
    assert (kept["user_id"], kept["handle"]) == (str(x.account.id), "NorthwindCare")
    assert not {x.keys.api_key, x.keys.api_secret, x.keys.access_token, x.keys.access_token_secret} & set(kept.values())


@pytest.mark.usefixtures("desk")
def test_wrong_keys_are_refused_and_not_kept(run: Run, x: XServer, vault: FileVault) -> None:
    answer = run("login", "x", "--oauth1", stdin=keys_on_stdin(x).replace("access-secret", "another-secret"))
    assert answer.code == 1
    assert "X does not take these keys" in answer.err
    assert vault.read("care") == {}


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("stdin", ["", "api_key = a\n", "\xff\xfe", "api_key: hush\n"])
def test_what_is_missing_on_standard_input_is_named(run: Run, stdin: str) -> None:
    answer = run("login", "x", "--oauth1", stdin=stdin)
    assert answer.code == 2
    assert "access_token_secret" in answer.err
    assert "hush" not in answer.err


@pytest.mark.usefixtures("desk")
def test_the_apps_own_token_stays_through_every_other_sign_in(run: Run, x: XServer, vault: FileVault) -> None:
    assert run("login", "x", "--bearer", stdin=f"{x.keys.bearer_token}\n").code == 0
    assert run("login", "x", "--oauth1", stdin=keys_on_stdin(x)).code == 0
    assert vault.read("care")["bearer_token"] == x.keys.bearer_token


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("token", ["AAAA%2FBBBB%3D", "of a person"])
def test_a_token_that_x_does_not_take_as_the_apps_own_is_not_kept(
    run: Run, x: XServer, vault: FileVault, token: str
) -> None:
    vault.write("care", {"bearer_token": x.keys.bearer_token})
    answer = run("login", "x", "--bearer", stdin=x.sign_in().access if token == "of a person" else token)
    assert (answer.code, answer.out) == (1, "")
    assert "X does not take this as an app's own token." in answer.err
    assert vault.read("care") == {"bearer_token": x.keys.bearer_token}


def test_the_apps_own_token_is_not_kept_unless_x_was_there_to_take_it(desk: Path, run: Run, vault: FileVault) -> None:
    (desk / "config.toml").write_text(CONFIG.format(handle="NorthwindCare", url="http://127.0.0.1:1"), "utf-8")
    answer = run("login", "x", "--bearer", stdin="AAAA")
    assert (answer.code, answer.out) == (3, "")
    assert vault.read("care") == {}


@pytest.mark.usefixtures("desk")
def test_what_x_charged_for_the_sign_in_is_in_the_cost(run: Run, x: XServer) -> None:
    run("login", "x", "--oauth1", stdin=keys_on_stdin(x))
    (row,) = run("cost", "--json").data["rows"]
    assert (row["account"], row["kind"], row["count"], row["micros"]) == ("care", "people read", 1, 10_000)


def test_what_x_charged_for_a_sign_in_of_somebody_else_is_in_the_cost(desk: Path, run: Run, x: XServer) -> None:
    (desk / "config.toml").write_text(CONFIG.format(handle="Other", url=x.url), "utf-8")
    assert run("login", "x", "--oauth1", stdin=keys_on_stdin(x)).code == 1
    assert [row["micros"] for row in run("cost", "--json").data["rows"]] == [10_000]


def test_a_database_that_cannot_be_written_stops_no_sign_in(desk: Path, run: Run, x: XServer) -> None:
    (desk / "desk.db").write_bytes(b"no database" * 100)
    answer = run("login", "x", "--oauth1", stdin=keys_on_stdin(x))
    assert answer.code == 0
    assert "What it cost ($0.010) is not in `carecli cost`." in answer.err


@pytest.mark.usefixtures("desk")
def test_no_option_takes_a_secret(run: Run) -> None:
    told = run("login", "x", "--help").out
    assert not re.search(r"--(client-secret|token|api|access|password)", told)


@pytest.mark.usefixtures("desk")
def test_an_environment_that_signs_in_already_is_not_signed_in_over(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARECLI_CARE_REFRESH_TOKEN", "hush")
    for words in (("--paste", "--client-id", "app"), ("--oauth1",)):
        answer = run("login", "x", *words, stdin="")
        assert answer.code == 2
        assert "CARECLI_CARE_REFRESH_TOKEN" in answer.err
        assert "hush" not in answer.err


# ── which account ─────────────────────────────────────────────────────────────────────────────────


def test_without_an_account_on_x_it_gives_the_lines_that_make_one(run: Run, folder: Path) -> None:
    answer = run("login", "x")
    assert answer.code == 2
    lines = answer.err[answer.err.index("[[accounts]]") :]
    with (folder / "config.toml").open("a", encoding="utf-8") as file:
        file.write("\n" + lines)
    assert run("config", "check").code == 0
    assert "There is no account on X" not in run("login", "x", "--paste", stdin="").err


@pytest.mark.usefixtures("desk")
def test_an_account_that_is_not_there_or_not_on_x_is_told(run: Run, desk: Path) -> None:
    assert run("login", "x", "--account", "nobody").code == 6
    with (desk / "config.toml").open("a", encoding="utf-8") as file:
        file.write('[[accounts]]\nid = "sand"\nnetwork = "sandbox"\nhandle = "N"\n')
        file.write('[[accounts]]\nid = "second"\nnetwork = "x"\nhandle = "M"\n')
    answer = run("login", "x", "--account", "sand")
    assert (answer.code, "no account on X" in answer.err) == (2, True)
    answer = run("login", "x")
    assert (answer.code, "care, second" in answer.err) == (2, True)


# ── out again ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.usefixtures("desk")
def test_signing_out_ends_the_tokens_at_x_and_forgets_them(run: Run, x: XServer, vault: FileVault) -> None:
    tokens = x.sign_in()
    kept = {"access_token": tokens.access, "refresh_token": tokens.refresh}
    vault.write("care", kept | {"client_id": x.keys.client_id, "client_secret": x.keys.client_secret})
    answer = run("logout")
    assert answer.out.startswith("care is signed out; nothing of it is kept in ")
    assert answer.err == ""
    assert tokens.access not in x.api.authorisation.grants
    assert tokens.refresh not in x.api.signing_in.refreshes
    assert vault.read("care") == {}


@pytest.mark.usefixtures("desk")
def test_a_network_that_cannot_be_told_keeps_nobody_signed_in_here(run: Run, x: XServer, vault: FileVault) -> None:
    tokens = x.sign_in()
    vault.write("care", {"client_id": "c", "access_token": tokens.access, "refresh_token": tokens.refresh})
    x.fail("POST /2/oauth2/revoke", "html_503")
    answer = run("logout", "care")
    assert answer.code == 0
    assert "were not ended at the network" in answer.err
    assert vault.read("care") == {}


@pytest.mark.usefixtures("desk")
def test_signing_out_says_what_the_environment_still_gives(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARECLI_CARE_ACCESS_TOKEN", "hush")
    answer = run("logout", "care")
    assert "CARECLI_CARE_ACCESS_TOKEN" in answer.err
    assert "hush" not in answer.err


def test_an_account_that_needs_no_signing_in_is_told(run: Run) -> None:
    answer = run("logout", "care")
    assert answer.code == 2
    assert "needs no signing in" in answer.err
    assert run("logout").err == "No account is signed in. `carecli doctor` says more.\n"


# ── what doctor says ──────────────────────────────────────────────────────────────────────────────


def line_of(answer: Answer) -> str:
    return next(line for line in answer.out.splitlines() if "sign-in of care" in line)


@pytest.mark.usefixtures("desk")
def test_doctor_says_that_nobody_is_signed_in_and_how_to(run: Run) -> None:
    answer = run("doctor")
    assert line_of(answer).startswith("fail  sign-in of care: It is not signed in.")
    assert "`carecli login x --account care`" in line_of(answer)
    assert answer.code == 4


@pytest.mark.usefixtures("desk")
def test_doctor_says_who_is_signed_in_where_the_secrets_are_and_when_they_end(run: Run, vault: FileVault) -> None:
    kept = {"access_token": "hush", "refresh_token": "hush", "expires_at": "2026-03-02T11:00:00+00:00"}
    vault.write("care", kept | {"handle": "NorthwindCare"})
    assert line_of(run("doctor")) == (
        "ok    sign-in of care: Signed in as @NorthwindCare by OAuth 2.0. The token ends 2026-03-02 11:00 UTC and is "
        f"renewed by itself. Its secrets are in {vault.where}."
    )
    assert vault.where.endswith("(mode 0600)")
    vault.write("care", kept | {"handle": "Other", "refresh_token": ""})
    assert "warn  sign-in of care: Signed in as @Other by OAuth 2.0. That is not its `handle`." in run("doctor").out


@pytest.mark.usefixtures("desk")
def test_doctor_says_that_a_token_ends_for_good(run: Run, vault: FileVault) -> None:
    vault.write("care", {"access_token": "hush", "expires_at": "2026-03-02T11:00:00+00:00"})
    line = line_of(run("doctor"))
    assert line.startswith(
        "warn  sign-in of care: Signed in by OAuth 2.0. The token ends 2026-03-02 11:00 UTC and is not"
    )
    assert "`carecli login x --account care`" in line


def test_doctor_says_that_the_stream_lacks_the_apps_token(desk: Path, run: Run, x: XServer, vault: FileVault) -> None:
    path = desk / "config.toml"
    path.write_text(path.read_text("utf-8").replace("x = { ", "x = { stream = true, "), "utf-8")
    vault.write("care", {"access_token": "hush"})
    lack = "warn  sign-in of care: The stream lacks the app's own token: `carecli login x --account care --bearer`."
    assert lack in run("doctor").out
    run("login", "x", "--bearer", stdin=x.keys.bearer_token)
    assert lack not in run("doctor").out


@pytest.mark.usefixtures("desk")
def test_a_token_that_x_ended_early_is_renewed_by_the_next_command_and_kept(
    run: Run, x: XServer, vault: FileVault
) -> None:
    tokens = x.sign_in()
    app = {"client_id": x.keys.client_id, "client_secret": x.keys.client_secret}
    session = {"access_token": tokens.access, "refresh_token": tokens.refresh, "expires_at": tokens.until.isoformat()}
    vault.write("care", app | session | {"user_id": str(x.account.id)})
    x.expire_tokens()
    assert run("greet").code == 0
    kept = vault.read("care")
    assert kept["access_token"] != tokens.access
    assert kept["refresh_token"] in x.api.signing_in.refreshes
    assert len(x.calls(TOKEN)) == 1


@pytest.mark.usefixtures("desk")
def test_doctor_names_the_environments_variables_and_no_value(
    run: Run, x: XServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("api_key", "api_secret", "access_token", "access_token_secret"):
        monkeypatch.setenv(f"CARECLI_CARE_{name.upper()}", f"hush-{name}")
    answer = run("doctor")
    assert "The environment gives CARECLI_CARE_ACCESS_TOKEN, CARECLI_CARE_API_KEY" in line_of(answer)
    assert "hush" not in answer.out + answer.err


def test_doctor_says_that_others_can_read_the_secrets(desk: Path, run: Run, vault: FileVault) -> None:
    vault.write("care", {"access_token": "hush"})
    (desk / "credentials.toml").chmod(0o644)
    answer = run("doctor")
    assert line_of(answer).startswith("fail  sign-in of care: Others on this machine can open")
    assert "hush" not in answer.out


# ── nothing is left lying about ───────────────────────────────────────────────────────────────────


def left_behind(root: Path) -> dict[Path, bytes]:
    """All that a run wrote, but the place of the secrets."""
    files = (path for path in root.rglob("*") if path.is_file() and path.name != "credentials.toml")
    return {path: path.read_bytes() for path in files}


def hidden(x: XServer) -> set[str]:
    """Every secret of this network, those that ended included."""
    keys = {value for name, value in vars(x.keys).items() if name != "client_id"}
    return keys | {*x.api.signing_in.given}


@pytest.mark.parametrize(
    ("call", "fault"),
    [
        *((TOKEN, fault) for fault in ("html_503", "act_then_cut", "unauthorized", "forbidden")),
        *((ME, fault) for fault in ("html_200", "credits", "unauthorized", "list_error")),
    ],
)
def test_no_failure_leaves_a_secret_anywhere(
    desk: Path, tmp_path: Path, x: XServer, run: Run, monkeypatch: pytest.MonkeyPatch, call: str, fault: FailureKind
) -> None:
    monkeypatch.setenv("CARECLI_DEBUG", "1")
    x.fail(call, fault)
    answer = pasted(desk, x)
    assert answer.code != 0
    assert hidden(x) & set(x.api.signing_in.given), "there were secrets to be left"
    said = answer.out + answer.err
    tokens = x.sign_in()
    kept = {"client_id": x.keys.client_id, "client_secret": "wrong", "access_token": tokens.access}
    FileVault(desk / "credentials.toml").write("care", kept | {"refresh_token": tokens.refresh})
    for words in (("doctor",), ("doctor", "--json"), ("logout", "care")):
        answer = run(*words)
        said += answer.out + answer.err
    for path, data in {**left_behind(tmp_path), Path("said"): said.encode()}.items():
        assert not [one for one in hidden(x) if one.encode() in data], path


def test_the_trace_of_a_fault_has_no_secret_in_it(
    desk: Path, tmp_path: Path, x: XServer, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*words: object, **more: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(HttpClient, "call", broken)
    monkeypatch.setenv("CARECLI_DEBUG", "1")
    answer = run("login", "x", "--oauth1", stdin=keys_on_stdin(x))
    assert answer.code == 70
    (saved,) = (tmp_path / "home" / "carecli" / "faults").iterdir()
    for told in (saved.read_text("utf-8"), answer.out + answer.err):
        assert "ZeroDivisionError" in told
        assert not [one for one in (x.keys.access_token, x.keys.access_token_secret, x.keys.api_secret) if one in told]


def test_no_secret_is_on_the_command_line_or_in_the_page(desk: Path, x: XServer) -> None:
    process = SignIn(desk, x, "--paste")
    page = process.page()
    words = Path(f"/proc/{process._process.pid}/cmdline")
    shown = page + (words.read_text("utf-8") if words.exists() else "")
    assert x.keys.client_secret not in shown
    process.end(httpx.get(page).headers["location"] + "\n")

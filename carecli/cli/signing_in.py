"""`carecli login` and `carecli logout`: what a person is asked for, and what is read instead where nobody sits.

Secrets are asked without echo and never taken as an option, which every process on the machine could read.
Not for: the calls to the network (`channels.x.signing_in`), or keeping what came of them (`credentials`).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

import click

from carecli.cli import options
from carecli.cli.invocation import Invocation, pass_invocation
from carecli.cli.output import narrate, write
from carecli.errors import CareError, Misuse, NotFound
from carecli.money import dollars
from carecli.safetext import sanitize, sanitize_line

if TYPE_CHECKING:
    from carecli.channels.base import Spending
    from carecli.channels.x.oauth import App, Attempt
    from carecli.channels.x.signing_in import Place
    from carecli.config import Config
    from carecli.credentials import Vault
    from carecli.model import Author

CALLBACK = "http://127.0.0.1:8722/callback"
_PATIENCE_SECONDS = 300.0
_OAUTH1 = ("api_key", "api_secret", "access_token", "access_token_secret")
_MOST_TYPED = 64 * 1024


@click.group(no_args_is_help=False)
def login() -> None:
    """Sign an account in at its network."""


@login.command("x")
@options.account
@click.option("--client-id", metavar="ID", default="", callback=options.text, help="The app's client id at X.")
@click.option(
    "--callback", metavar="URL", default=CALLBACK, show_default=True, callback=options.text,
    help="Where X leads the browser, exactly as it is registered there.",
)  # fmt: skip
@click.option("--paste", is_flag=True, help="Paste what X answers, for a machine without a browser.")
@click.option("--oauth1", is_flag=True, help="Take four keys of OAuth 1.0a instead.")
@click.option("--bearer", is_flag=True, help="Take the app's own bearer token, which the stream needs.")
@click.option("--force", is_flag=True, help="Keep what belongs to another account than the configured one.")
@pass_invocation
def x(
    invocation: Invocation,
    account: str,
    client_id: str,
    callback: str,
    paste: bool,
    oauth1: bool,
    bearer: bool,
    force: bool,
) -> None:
    """Sign an account on X in.

    By OAuth 2.0: opens X's page, on which you allow it, and waits for the answer on this machine. Asks for the app's
    client id and secret the first time. Secrets are asked without echo, or read from standard input or the
    environment. Whose account it is is asked once, which costs $0.010.
    """
    from carecli.channels.x import signing_in
    from carecli.credentials import open_vault

    if oauth1 + bearer + paste > 1:
        raise Misuse("--paste, --oauth1 and --bearer exclude each other.", "Choose one.")
    config = invocation.config()
    place = signing_in.place_of(config.accounts[_x_account(config, account, invocation)])
    vault = open_vault(config, os.environ)
    if bearer:
        token = _secrets(("bearer_token",), {})["bearer_token"]
        signing_in.take_bearer(place, vault, token, config.clock().now())
        write(sanitize(f"The app's own token for {place.account} is kept in {vault.where}."))
        return
    now, paid = config.clock().now, partial(_note, invocation, place.account)
    if oauth1:
        from carecli.channels.x.tokens import OAuth1

        _refuse_given(vault, place.account, ("refresh_token",))
        known = vault.read(place.account)
        keys = _secrets(_OAUTH1, {name: known[name] for name in _OAUTH1 if _is_given(vault, place.account, name)})
        owner = signing_in.take_keys(place, vault, OAuth1(**keys), now(), paid, any_owner=force)
        afterwards = "Its keys hold until you take them back on X's developer page."
    else:
        _refuse_given(vault, place.account, ("access_token", "refresh_token", "access_token_secret"))
        app = _app(vault, place.account, client_id)
        attempt, code = _consent(place, app, callback, paste)
        owner = signing_in.sign_in(place, vault, app, attempt, code, now(), paid, any_owner=force)
        afterwards = "Its tokens are renewed by themselves from now on."
    _tell(place, vault, owner, afterwards)


@click.command()
@click.argument("account", metavar="[ACCOUNT]", default="", callback=options.text)
@pass_invocation
def logout(invocation: Invocation, account: str) -> None:
    """Sign ACCOUNT out at its network, and forget its secrets.

    Without ACCOUNT, the only one that is signed in.
    """
    from carecli.channels.signing_in import sign_out
    from carecli.credentials import open_vault

    config = invocation.config()
    vault = open_vault(config, os.environ)
    account = _known(config, account, invocation) if account else _only_signed_in(config, vault)
    untold = sign_out(config, account, vault, config.clock().now())
    write(sanitize(f"{account} is signed out; nothing of it is kept in {vault.where}."))
    if given := vault.given(account):
        narrate(f"The environment still gives {', '.join(given)}: take that out where it is set.")
    if untold is not None:
        narrate(f"Its keys were not ended at the network. {untold}")


# ── which account ─────────────────────────────────────────────────────────────────────────────────


def _x_account(config: Config, account: str, invocation: Invocation) -> str:
    """The account on X that is meant. Raises `NotFound`, and `Misuse` where none or several may be."""
    if account:
        if config.accounts[_known(config, account, invocation)].network != "x":
            raise Misuse(f"{account} is no account on X.", 'Set its `network` to "x", or name another.')
        return account
    there = [name for name, section in config.accounts.items() if section.network == "x"]
    if len(there) > 1:
        raise Misuse(f"There are several accounts on X: {', '.join(there)}.", "Name one with --account.")
    if not there:
        raise Misuse(
            f"There is no account on X in {invocation.path()}.",
            "Add these lines at its end with your account's handle, and run this again:\n\n"
            '[[accounts]]\nid = "x"\nnetwork = "x"\nhandle = "YourHandle"\n',
        )
    return there[0]


def _known(config: Config, account: str, invocation: Invocation) -> str:
    if account not in config.accounts:
        raise NotFound(f"There is no account {account!r} in {invocation.path()}.", _choice(config))
    return account


def _choice(config: Config) -> str:
    return f"The accounts are: {', '.join(config.accounts)}." if config.accounts else "Add it under [[accounts]]."


def _only_signed_in(config: Config, vault: Vault) -> str:
    from carecli.channels.signing_in import standing

    found = [name for name in config.accounts if (one := standing(config, name, vault)) and one.signed_in]
    if len(found) != 1:
        raise Misuse(
            f"Several accounts are signed in: {', '.join(found)}." if found else "No account is signed in.",
            "Name one: `carecli logout ACCOUNT`." if found else "`carecli doctor` says more.",
        )
    return found[0]


# ── what the environment says ─────────────────────────────────────────────────────────────────────


def _is_given(vault: Vault, account: str, name: str) -> bool:
    from carecli.credentials.environment import variable

    return variable(account, name) in vault.given(account)


def _refuse_given(vault: Vault, account: str, names: tuple[str, ...]) -> None:
    """What would be got now belongs to one sign-in, and what the environment gives to another."""
    from carecli.credentials.environment import variable

    for name in names:
        if _is_given(vault, account, name):
            raise Misuse(
                f"The environment already signs {account} in, by {variable(account, name)}.",
                "Take it out there to sign in another way.",
            )


# ── what a person is asked ────────────────────────────────────────────────────────────────────────


def _app(vault: Vault, account: str, client_id: str) -> App:
    """The app: the one that is known, or the one of `client_id`, whose secret is asked for."""
    from carecli.channels.x.oauth import App

    known = vault.read(account)
    if known.get("client_id") and not client_id:
        return App(known["client_id"], known.get("client_secret", ""))
    # A secret that is kept belongs to the app that it was given for.
    same = client_id == known.get("client_id") or _is_given(vault, account, "client_secret")
    secret = known.get("client_secret", "") if same else ""
    if sys.stdin.isatty():
        client_id = client_id or click.prompt("Client id of your app at X", err=True).strip()
        secret = secret or _hidden("client secret, or Enter if it has none", default="")
    elif not client_id:
        # Standard input is for what X answers.
        raise Misuse("The app's client id is not known.", "Give it with --client-id.")
    return App(_sound("client_id", client_id), _sound("client_secret", secret) if secret else "")


def _consent(place: Place, app: App, callback: str, paste: bool) -> tuple[Attempt, str]:
    """Lead a person to X's page and wait for what it answers; the attempt and its code."""
    from carecli.channels.x.oauth import code_in, consent_url, new_attempt
    from carecli.channels.x.redirect import Redirect

    attempt = new_attempt(callback, os.urandom)
    url = consent_url(place.url, app, attempt)
    if paste:
        narrate(f"Open this page as @{place.handle.removeprefix('@')} and allow it:\n\n{url}\n")
        narrate(f"The browser then shows an address that begins with {callback}, and perhaps an error.")
        return attempt, code_in(_line("Paste that address within 30 seconds"), attempt)
    with Redirect(attempt) as redirect:
        narrate(f"Open this page as @{place.handle.removeprefix('@')} and allow it:\n\n{url}\n")
        narrate(f"X must know {callback} as a callback of your app. Waiting for the browser …")
        _open_browser(url)
        return attempt, redirect.code(_PATIENCE_SECONDS)


def _open_browser(url: str) -> None:
    """Open the page where there is a screen for it; a browser in this terminal would be in the way."""
    if not (os.environ.keys() & {"BROWSER", "DISPLAY", "WAYLAND_DISPLAY"}) and sys.platform not in ("darwin", "win32"):
        return
    import webbrowser

    webbrowser.open(url)


def _line(prompt: str) -> str:
    if sys.stdin.isatty():
        return str(click.prompt(prompt, err=True))
    return _typed().partition("\n")[0]


def _secrets(names: tuple[str, ...], known: Mapping[str, str]) -> dict[str, str]:
    """The secrets of these names: those that are known, the others asked without echo or read as `name = value`."""
    asked = [name for name in names if name not in known]
    if not asked:
        return dict(known)
    told = {name: _hidden(_words(name)) for name in asked} if sys.stdin.isatty() else _pairs(_typed(), asked)
    missing = [name for name in asked if not told.get(name)]
    if missing:
        example = "\n".join(f"{name} = …" for name in asked)
        are = "are" if len(missing) > 1 else "is"
        raise Misuse(f"On standard input {', '.join(missing)} {are} missing.", f"Write one a line:\n\n{example}\n")
    return {name: _sound(name, known.get(name) or told[name]) for name in names}


def _hidden(words: str, default: str | None = None) -> str:
    """What a person types after these words, without echo."""
    prompt = words[:1].upper() + words[1:]
    return str(click.prompt(prompt, default=default, show_default=False, hide_input=True, err=True)).strip()


def _pairs(text: str, asked: list[str]) -> dict[str, str]:
    """`name = value` from lines; where one is asked for, it may stand there alone."""
    if len(asked) == 1 and not text.lstrip().startswith(asked[0]):
        return {asked[0]: text.strip()}
    parts = (line.partition("=") for line in text.splitlines())
    return {name.strip(): value.strip().strip("\"'") for name, _, value in parts}


def _typed() -> str:
    """Standard input, as far as anybody would type. Its bytes are never quoted."""
    return sys.stdin.buffer.read(_MOST_TYPED).decode("utf-8-sig", "replace")


def _sound(name: str, value: str) -> str:
    from carecli.channels.x.oauth import is_token

    if not is_token(value):
        raise Misuse(f"That is no {_words(name)}.", "Copy it once more, without spaces or quotes.")
    return value


def _words(name: str) -> str:
    return {"api_key": "API key", "api_secret": "API key secret"}.get(name, name.replace("_", " "))


def _note(invocation: Invocation, account: str, spending: Spending) -> None:
    """Write down what the sign-in has cost; a sign-in never fails for that."""
    from carecli.desk.cost import note_spending

    try:
        with invocation.desk(needs_agent=False) as desk:
            note_spending(desk, account, spending)
    except CareError as error:
        narrate(f"What it cost ({dollars(spending.micros)}) is not in `carecli cost`. {error.sentence}")


def _tell(place: Place, vault: Vault, owner: Author, afterwards: str) -> None:
    handle = sanitize_line(owner.handle)
    write(sanitize(f"Signed in as @{handle}, for the account {place.account}. Its secrets are in {vault.where}."))
    narrate(afterwards)
    if given := vault.given(place.account):
        narrate(f"{', '.join(given)} of the environment belongs to it: set that wherever carecli runs.")

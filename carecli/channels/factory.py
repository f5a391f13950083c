"""Which channel speaks for which account: the one place that goes from a network's name to its code.

Each network's code, and the libraries it needs, are imported only when an account of it is opened.
"""

from __future__ import annotations

from datetime import date

from carecli.channels.base import Channel, Terms
from carecli.channels.lengths import measure
from carecli.clock import Clock
from carecli.config import AccountSection, ArchiveSection, Config


def open_channel(config: Config, account: str, clock: Clock) -> Channel:
    """The channel of a configured account."""
    section = config.accounts[account]
    if section.network == "archive":
        return _archive(config, section, section.archive or ArchiveSection("", section.handle), clock)
    if section.network == "x":
        return _x(config, section, clock)
    return _sandbox(config, section, clock)


def terms_of(config: Config, account: str) -> Terms:
    """What a configured account's network asks of a text. Needs no keys and opens nothing."""
    section = config.accounts[account]
    if section.network == "x":
        from carecli.channels.x.channel import CAPABILITIES
        from carecli.channels.x.posting import measure as measure_at_x

        limit = section.x.limit
        return Terms(
            lambda text, visibility, reply: measure_at_x(text, visibility, reply, limit), CAPABILITIES.link_price
        )
    return Terms(measure)


def prices_published(config: Config, account: str) -> date | None:
    """The day of the price list by which an account's spending is estimated; None where nothing is charged."""
    section = config.accounts[account]
    if section.network == "sandbox" and section.sandbox.metered:
        from carecli.channels.sandbox import prices as simulated

        return simulated.PUBLISHED
    if section.network == "x":
        from carecli.channels.x import prices

        return prices.PUBLISHED
    return None


def is_recorded(config: Config, account: str) -> bool:
    """Whether an account plays a recording: it ends some day, and nothing is wrong then."""
    return config.accounts[account].network == "archive"


def _sandbox(config: Config, section: AccountSection, clock: Clock) -> Channel:
    if section.sandbox.url:
        from carecli.channels.sandbox.remote import open_remote

        return open_remote(section, clock)
    from carecli.channels.sandbox import open_sandbox

    return open_sandbox(config.path(section.sandbox.file), section, clock)


def _x(config: Config, section: AccountSection, clock: Clock) -> Channel:
    import os

    from carecli.channels.x.opening import open_x
    from carecli.credentials import open_vault

    return open_x(section, open_vault(config, os.environ), clock)


def _archive(config: Config, section: AccountSection, archive: ArchiveSection, clock: Clock) -> Channel:
    from carecli.channels.archive import open_archive_channel

    return open_archive_channel(config.path(archive.file), archive.brand, clock)

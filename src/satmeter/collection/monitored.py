"""A fieldwork server with its monitor."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from satmeter.collection import monitor
from satmeter.collection.monitor_downloads import Downloads
from satmeter.collection.settings import Settings


def with_monitor(settings: Settings, *, password_hash: str, store_url: str, pii_key: str = "") -> Settings:
    """Return settings to which the routes of the monitor are added.

    Parameters
    ----------
    settings
        The survey as it is fielded.
    password_hash
        From `monitor_password.read_password_file`.
    store_url
        Of the store, for downloads.
    pii_key
        Key file that opens answers which may identify a person; empty: they are in no download.
    """
    downloads = Downloads(settings.questionnaire, store_url, pii_key=Path(pii_key) if pii_key else None)
    added = monitor.routes(
        settings.questionnaire,
        settings.store,
        password_hash=password_hash,
        downloads=downloads,
        fieldwork=settings.fieldwork,
        base_url=settings.base_url,
    )
    return replace(settings, routes=(*settings.routes, *added))

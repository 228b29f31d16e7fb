"""The tables of a store."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, MetaData, Table, Text, UniqueConstraint

SCHEMA = 1
METADATA = MetaData()

_LONG = BigInteger().with_variant(Integer, "sqlite")  # SQLite's own row number is an INTEGER

STORE = Table(
    "satmeter_store",
    METADATA,
    Column("schema", Integer, nullable=False),
    Column("survey", Text, nullable=False),
    Column("made", Text, nullable=False),
    Column("satmeter", Text, nullable=False),
    Column("turn", Text, nullable=False),  # changed by transactions without events: tells whether they were committed
)

EVENT = Table(
    "event",
    METADATA,
    Column("seq", _LONG, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("response", Text, nullable=False),
    Column("definition", Text, nullable=False),
    Column("key", Text),
    Column("salt", LargeBinary),
    Column("payload", Text),
    Column("digest", LargeBinary, nullable=False),
    Column("link", LargeBinary, nullable=False),
    UniqueConstraint("response", "key", name="event_key"),
)

PERSONAL_LINK = Table(
    "personal_link",
    METADATA,
    Column("link", LargeBinary, primary_key=True),
    Column("response", Text, nullable=False),
    Column("seq", _LONG, nullable=False),
)

DEFINITION = Table(
    "definition",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("digest", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("opened", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("change", Text, nullable=False),
)

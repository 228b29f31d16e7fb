"""What fieldwork keeps of a respondent beside the journal, taken away when the respondent is erased."""

from __future__ import annotations

from sqlalchemy import Connection, inspect, select, update

from satmeter.collection.entry_tables import forget_sheet, forget_sheets
from satmeter.collection.quotas import release_places
from satmeter.collection.sample_tables import PLACE, TOKEN, UNIT


def forget_respondent(connection: Connection, response: str) -> None:
    """Delete quota places and contact data of the respondent of a response; run within the writer's transaction.

    Parameters
    ----------
    connection
        Of the writer.
    response
        Whose answers are erased. Its sampled unit stays, so that nobody invites it again, without contact data. Of
        an anonymous survey nobody knows the unit.
    """
    tables = inspect(connection)
    forget_sheet(connection, response)
    if tables.has_table(PLACE.name):
        release_places(connection, response)
    if tables.has_table(TOKEN.name):
        unit = select(TOKEN.c.unit).where(TOKEN.c.response == response)
        connection.execute(update(UNIT).where(UNIT.c.number.in_(unit)).values(contacts={}))


def forget_everybody(connection: Connection) -> None:
    """Delete the answers that are no response of the journal yet; run within the writer's transaction."""
    forget_sheets(connection)

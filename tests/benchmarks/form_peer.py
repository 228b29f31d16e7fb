"""The peer of the form server: Flask on gunicorn, thirty answers judged, one commit a request (SQLite, FULL).

``gunicorn --workers 1 --threads 4 form_peer:app``; the file of answers is named by ``SATMETER_PEER_FILE``, milliseconds
that a commit takes longer by ``SATMETER_PEER_MILLISECONDS``.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time

from flask import Flask, Response, redirect, request
from form_load import ITEMS

app = Flask(__name__)
_POINTS = {"1", "2", "3", "4", "5"}
_FILE = os.environ["SATMETER_PEER_FILE"]
_LONGER = float(os.environ.get("SATMETER_PEER_MILLISECONDS", "0")) / 1000
_here = threading.local()
_COLUMNS = ", ".join(ITEMS)
_INSERT = f"INSERT INTO answer ({_COLUMNS}) VALUES ({', '.join('?' * len(ITEMS))})"


def _connection() -> sqlite3.Connection:
    if not hasattr(_here, "connection"):
        _here.connection = sqlite3.connect(_FILE, timeout=60, isolation_level=None)
        _here.connection.execute("PRAGMA journal_mode = WAL")
        _here.connection.execute("PRAGMA synchronous = FULL")
        _here.connection.execute(f"CREATE TABLE IF NOT EXISTS answer (id INTEGER PRIMARY KEY, {_COLUMNS})")
    found: sqlite3.Connection = _here.connection
    return found


@app.post("/")
def take() -> Response:
    """Judge and store one page."""
    values = [request.form.get(f"v.{item}", "") for item in ITEMS]
    if any(value not in _POINTS for value in values):
        return Response("something is missing", 422)
    connection = _connection()
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(_INSERT, [int(value) for value in values])
    time.sleep(_LONGER)
    connection.execute("COMMIT")
    return redirect("/thanks", 303)

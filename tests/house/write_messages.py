"""Writes tests/snapshots/messages.txt, the reviewed wording of every message."""

import importlib.util
from pathlib import Path

HERE = Path(__file__).parent

if __name__ == "__main__":
    spec = importlib.util.spec_from_file_location("house", HERE / "test_house.py")
    house = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(house)
    (HERE.parent / "snapshots" / "messages.txt").write_text(house.all_messages(), "utf-8")

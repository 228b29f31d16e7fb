"""What pytest must not take for tests."""

collect_ignore_glob = ["reference/scripts/*", "house/write_messages.py"]

"""The room form."""

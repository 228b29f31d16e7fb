"""The room moments."""

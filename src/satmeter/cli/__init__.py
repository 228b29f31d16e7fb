"""The command line: one module a verb; reads files, calls rooms, prints; no arithmetic."""

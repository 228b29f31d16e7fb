"""The sections of the report, one module a theme: an edition in, plain text and tables out."""

"""The room questionnaire: what is asked."""

"""The founding losses."""

"""Quoting for SQL that is built from contracts, layouts and file names."""


def identifier(name: str) -> str:
    """A column name, quoted."""
    return '"' + name.replace('"', '""') + '"'


def delivered(name: str) -> str:
    """A column as it was delivered, under a name that no column of ours can have."""
    return identifier(f"delivered: {name}")


def literal(value: str) -> str:
    """A text value, quoted."""
    return "'" + value.replace("'", "''") + "'"

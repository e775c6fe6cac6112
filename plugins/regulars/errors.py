"""The one error that users are meant to read."""


class RegularsError(Exception):
    """Something a person can mend; the message names the place and what to do."""

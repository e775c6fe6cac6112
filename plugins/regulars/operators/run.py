"""What every keyed run shares: its delivery date, its retries, errors that people can read."""

import functools
from collections.abc import Callable
from datetime import date, timedelta
from typing import ParamSpec, TypeVar

from airflow.sdk.exceptions import AirflowFailException

from regulars.errors import RegularsError
from regulars.operators.delivery import closed_date
from regulars.settings import load_settings

P = ParamSpec("P")
T = TypeVar("T")

# One more try heals a killed process; what a second try cannot mend fails at once, see below.
TASK_DEFAULTS = {"owner": "data-engineering", "retries": 1, "retry_delay": timedelta(seconds=10)}


def closing_date(partition_key: str | None) -> date:
    """The delivery date that a run closes.

    Raises:
        RegularsError: the run has no partition key, or one that is no date or to come.
    """
    if not partition_key:
        raise RegularsError(
            "this run has no partition key, so it closes no delivery date: start it with "
            "`make nightly DATE=YYYY-MM-DD`, or give the key in the trigger form or REST call"
        )
    return closed_date(partition_key, load_settings())


def fail_without_retry(function: Callable[P, T]) -> Callable[P, T]:
    """Turn a ``RegularsError`` into a failed task that is not tried again."""

    @functools.wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return function(*args, **kwargs)
        except RegularsError as error:
            raise AirflowFailException(str(error)) from error

    return wrapper

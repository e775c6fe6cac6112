"""Messages to people: new alerts once a run, and runs that failed."""

import logging
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseNotifier
from airflow.sdk.module_loading import import_string

from regulars.settings import load_settings

if TYPE_CHECKING:
    from regulars.warehouse.alerts import Alert

log = logging.getLogger(__name__)

# A message is to be read; the whole list is a mart.
NAMED_PER_KIND = 10


class LogNotifier(BaseNotifier):
    """Writes messages to the log of the task, or of the DAG processor for a failed run."""

    template_fields = ("message",)

    def __init__(self, message: str = "{{ regulars_subject }}\n{{ regulars_message }}") -> None:
        super().__init__()
        self.message = message

    def notify(self, context: Mapping[str, Any]) -> None:
        """Log the rendered message."""
        log.warning("%s", self.message)


def notify(subject: str, message: str, context: Mapping[str, Any]) -> None:
    """Send one message through the notifier of the settings.

    Its templated arguments may say ``{{ regulars_subject }}`` and ``{{ regulars_message }}``
    beside what the context of the run offers. Shorter names would not do: a notifier's own
    ``subject`` hides what the context calls so.

    Raises:
        Exception: whatever the notifier raises, or the import of its class.
    """
    wanted = load_settings().notifier
    notifier = import_string(wanted.import_path)(**wanted.kwargs)
    notifier({**context, "regulars_subject": subject, "regulars_message": message})


def notify_new_alerts(context: Mapping[str, Any]) -> int:
    """Send the alerts that are open and were not sent before, as one message; how many they were.

    A notifier that fails costs a warning, and they are sent with the next build.
    """
    from regulars.warehouse.alerts import tell_new_alerts

    def tell(alerts: Sequence["Alert"], as_of: date) -> None:
        notify(*alert_message(alerts, as_of), context)

    try:
        return tell_new_alerts(load_settings(), tell)
    except Exception as error:
        log.warning("new alerts could not be sent: %r", error, exc_info=True)
        return 0


def alert_message(alerts: Sequence["Alert"], as_of: date) -> tuple[str, str]:
    """Subject and text of the message on new alerts: one paragraph per code; names no person."""
    critical = sum(alert.severity == "critical" for alert in alerts)
    counted = f"{len(alerts)} new alert{'s' if len(alerts) > 1 else ''}"
    subject = f"Regulars: {counted} as of {as_of}, {critical} critical"
    paragraphs = []
    by_code = groupby(alerts, lambda one: (one.severity, one.code, one.owner, one.runbook))
    for (severity, code, owner, runbook), group in by_code:
        found = list(group)
        lines = [f"{severity.upper()} {code}: {len(found)}, for {owner}, see docs/{runbook}"]
        lines += [f"  {one.subject}, since {one.opened_at}" for one in found[:NAMED_PER_KIND]]
        if len(found) > NAMED_PER_KIND:
            lines.append(f"  and {len(found) - NAMED_PER_KIND} more in fct_alerts")
        paragraphs.append("\n".join(lines))
    return subject, "\n\n".join(paragraphs)


def notify_failure(context: Mapping[str, Any]) -> None:
    """Callback of a DAG: say that a run failed. Not why: an error may quote what was delivered.

    Never raises; a notifier that fails costs a warning.
    """
    try:
        dag_id, run_id = context["dag"].dag_id, context["run_id"]
        subject = f"Regulars: a run of {dag_id} failed"
        message = (
            f"Run {run_id} of {dag_id} failed. Readers keep the version they have.\n"
            "The log of its red task says why; see docs/runbooks/failed_night.md."
        )
        notify(subject, message, context)
    except Exception as error:
        log.warning("the failure of a run could not be told: %r", error, exc_info=True)


def notify_copy_failure(version: str, context: Mapping[str, Any]) -> None:
    """Say that PostgreSQL has no copy of a version. Not why: an error may quote a row.

    Never raises; a notifier that fails costs a warning.
    """
    message = (
        f"Version {version} is published, but was not copied to PostgreSQL: who reads there sees"
        " the copy before it.\nThe log of publish_version says why; `make postgres-copy` tries"
        " again, as the next night does. See docs/runbooks/postgres_copy.md."
    )
    try:
        notify(f"Regulars: version {version} is not in PostgreSQL", message, context)
    except Exception as error:
        log.warning("a copy that failed could not be told: %r", error, exc_info=True)

"""The reference drops as files: what the chain's departments keep beside the tills."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import pyarrow as pa

from regulars.demo import arrow, contacts, market, registers
from regulars.demo.office import Office, Version
from regulars.feeds.contract import load_contract

ENTERED = time(18, 0)


@dataclass(frozen=True)
class Drops:
    """Every version of every row, by feed."""

    versions: Mapping[str, Sequence[Version]]

    def rows(self, feed: str, after: date | None, until: date) -> pa.Table:
        """Rows entered after one day and up to another, each as it stood on the latter."""
        key = load_contract(feed).key
        newest: dict[tuple[Any, ...], dict[str, Any]] = {}
        for known_on, row in self.versions[feed]:
            if (after is None or known_on > after) and known_on <= until:
                entered = {"updated_at": datetime.combine(known_on, ENTERED)}
                newest[tuple(row[name] for name in key)] = entered | row
        return pa.Table.from_pylist(list(newest.values()), schema=arrow.columns(feed))


def keep(office: Office, made_for_trial: Iterable[Version]) -> Drops:
    """Draw what the departments enter over the years; those for the trial are made."""
    versions = registers.entries(office) | market.entries(office) | contacts.entries(office)
    versions["ref_interactions"] += made_for_trial
    return Drops({feed: sorted(rows, key=lambda v: v[0]) for feed, rows in versions.items()})

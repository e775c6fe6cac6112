"""The whole demo chain: simulated from one seed, its truth known, ready to be delivered."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from regulars.demo import arrow, truth
from regulars.demo.catalogue import SERIES, STORES, StoreCalendar
from regulars.demo.complaints import END, complain
from regulars.demo.delivery import NIGHTS, Delivery
from regulars.demo.drops import keep
from regulars.demo.members import enrol
from regulars.demo.office import Office
from regulars.demo.plan import Corrections, plan
from regulars.demo.population import PARAMETERS, draw_visits
from regulars.demo.sales import sell
from regulars.demo.surveys import ATTITUDE, RESPONSES_PER_WAVE, ask
from regulars.demo.tastes import REPEAT_RATES, choose_series
from regulars.demo.trial import Trial

MEMBERS = 4000
FEWEST_MEMBERS = 40
FEWEST_STORES = 3
FEWEST_RESPONSES = 24
LATE = ("_late.csv.gz", "_found.csv.gz")
CORRECTED = "_corrections.csv.gz"


@dataclass(frozen=True)
class Chain:
    """A simulated chain.

    Attributes:
        tables: feed → rows as they finally stand, in the contract's columns, one per key; times
            are local to the store.
        deliveries: the files that bring them, in order of delivery date.
        truth: what an analysis should find, JSON-able; see ``simulate``.
    """

    tables: dict[str, pa.Table]
    deliveries: tuple[Delivery, ...]
    truth: dict[str, Any]


def simulate(scale: float = 1.0, seed: int = 20121001) -> Chain:
    """Simulate the chain of 2012-2014.

    Args:
        scale: 1 is 4,000 members and 12 stores; smaller chains have fewer of both. The stated
            numbers of A customers hold at 1 (with a rare seed the process alone brings more), the
            placement of the series from 0.2.
        seed: decides everything that is drawn.

    Returns:
        The chain. Its truth holds ``parameters`` (BG/NBD per day, gamma-gamma in CNY),
        ``tier_a`` by year, ``house_regulars`` (ids outside the process), ``second_cards`` (two ids
        of one person), ``repeat_rates`` and ``attitude`` by series, ``rows`` by feed and ``files``
        by path (received = accepted + duplicate + quarantined; net_amount is None where a row has
        none that can be read), ``dirty`` rows by path, ``repeated_files``, ``late_files``,
        ``corrected_rows`` by path, ``complaints`` and ``campaign``, the one of known effect.

    Raises:
        ValueError: scale is not above 0.
    """
    if not scale > 0:
        raise ValueError(f"scale must be above 0, not {scale}")
    # A stream for each part: a change in one does not redraw the others.
    population, tastes, club_life, tills, mistakes, desk_work, opinions, departments, lots = (
        np.random.default_rng(seed).spawn(9)
    )
    count = int(np.clip(round(len(STORES) * scale**0.5), FEWEST_STORES, len(STORES)))
    calendar = StoreCalendar(count)
    visits = draw_visits(max(FEWEST_MEMBERS, round(MEMBERS * scale)), calendar, population)
    series = choose_series(visits, calendar.has_douhua(visits.store, visits.day), tastes)
    club = enrol(visits, club_life)
    sold = sell(visits, series, club.visit_customer, calendar, tills)
    trial = Trial(sold, visits, club, lots)
    club, corrections = trial.club, Corrections(trial.pos_sales, mistakes)
    responses = max(FEWEST_RESPONSES, round(RESPONSES_PER_WAVE * scale))
    desk = complain(corrections.final, desk_work)
    complaints = desk.complaints(None, END)
    surveys = ask(club, complaints, calendar, responses, opinions)
    office = Office(calendar, club, desk, corrections.final, departments)
    drops = keep(office, trial.contacts())
    deliveries, copies = plan(corrections, surveys, desk, club, calendar, drops)
    tables = {
        "pos_sales": corrections.final,
        "survey_responses": surveys,
        "complaints": complaints,
        "complaint_events": desk.events(None, END),
        "customers": club.rows(None, np.datetime64(NIGHTS[-1])),
        **{feed: _newest(deliveries, feed) for feed in ("products", "stores")},
        **{feed: drops.rows(feed, None, NIGHTS[-1]) for feed in drops.versions},
    }
    files = truth.files(deliveries, copies)
    known = {
        "seed": seed,
        "scale": scale,
        "parameters": PARAMETERS,
        "tier_a": truth.tier_a(corrections.final),
        "house_regulars": club.planted,
        "second_cards": club.second_cards,
        "repeat_rates": {SERIES[s]: rate for s, rate in REPEAT_RATES.items()},
        "attitude": {
            SERIES[s]: round(sum(n * share for n, share in enumerate(shares, start=1)), 2)
            for s, shares in ATTITUDE.items()
        },
        "rows": truth.feeds(files),
        "files": files,
        "dirty": truth.dirty(deliveries),
        "repeated_files": copies,
        "late_files": [d.path for d in deliveries if d.name.endswith(LATE)],
        "corrected_rows": {
            d.path: d.rows.num_rows for d in deliveries if d.name.endswith(CORRECTED)
        },
        "complaints": desk.truth(),
        "campaign": trial.truth,
    }
    return Chain(tables, tuple(deliveries), known)


def _newest(deliveries: list[Delivery], feed: str) -> pa.Table:
    """The last delivered row of each key, the key being the first column."""
    rows = {}
    for delivery in deliveries:
        if delivery.feed == feed:
            rows |= {next(iter(row.values())): row for row in delivery.rows.to_pylist()}
    return pa.Table.from_pylist(list(rows.values()), schema=arrow.columns(feed))


def deliver(
    chain: Chain, landing: Path, date_from: date | None = None, date_to: date | None = None
) -> list[Path]:
    """Write the deliveries dated ``date_from`` to ``date_to`` (both included; None is open).

    The same chain gives the same bytes and file times.

    Returns:
        The data files written, in order of delivery date, feed and name; manifests lie beside.
    """
    return [
        delivery.write(landing)
        for delivery in chain.deliveries
        if (date_from is None or delivery.date >= date_from)
        and (date_to is None or delivery.date <= date_to)
    ]

"""A campaign of a known effect: half of its audience is left out, the others buy a portion more."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from regulars.demo.catalogue import DAYS, EPOCH, PRODUCTS
from regulars.demo.members import Club, balances
from regulars.demo.population import Visits
from regulars.demo.sales import business_days, one_unit_more

CAMPAIGN = "C13-4"
START = date(2013, 9, 16)
LASTS = 60
CONTROL_SHARE = Decimal("0.5000")
# Share of the receipts of those reached that hold one portion more.
ANSWER = 0.7
# Heavier buyers are reached too and buy as ever, so that nobody crosses a tier boundary.
LIGHT_FEN = 120_000


class Trial:
    """The campaign carried out.

    Attributes:
        pos_sales: the receipt lines with what the campaign added.
        club: the club with the points that it brought.
        contacted: customer_ids of the cards reached, in the order of the cards.
        truth: ``campaign_id``, cards ``contacted`` and ``held_out``, ``net_amount`` added, and
            ``lift`` by card contacted (both as text, CNY); what was added was never brought back.
    """

    def __init__(
        self, pos_sales: pa.Table, visits: Visits, club: Club, rng: np.random.Generator
    ) -> None:
        begin = np.datetime64(START)
        agree = np.array(club.fixed["consent_marketing"], dtype=bool)
        audience = np.zeros(len(agree), dtype=bool)
        audience[club.visit_card[club.visit_at < begin + np.timedelta64(4, "h")]] = True
        cards = np.flatnonzero(audience & agree)
        reached = np.zeros(len(agree), dtype=bool)
        reached[rng.permutation(cards)[: round(len(cards) * float(1 - CONTROL_SHARE))]] = True
        # One person has one fate, whichever card is shown.
        card = {customer: number for number, customer in enumerate(club.customer_id)}
        for pair in club.second_cards:
            reached[card[pair["also"]]] = reached[card[pair["customer_id"]]]
        heavy = (visits.yearly_fen() >= LIGHT_FEN).any(axis=1)
        answers = reached.copy()
        answers[club.visit_card[heavy[visits.person]]] = False

        weighed = [p.product_code for p in PRODUCTS if p.weighed]
        first_line = pc.and_(
            pc.and_(pc.equal(pos_sales["line_no"], 1), pc.invert(pos_sales["void"])),
            pc.and_(
                pc.is_null(pos_sales["refund_of"]),
                pc.invert(pc.is_in(pos_sales["product_code"], pa.array(weighed))),
            ),
        ).to_numpy(zero_copy_only=False)
        theirs = pc.is_in(
            pos_sales["customer_id"], pa.array(club.customer_id[answers], pa.string())
        ).to_numpy(zero_copy_only=False)
        day = business_days(pos_sales)
        more = first_line & theirs & (day >= begin) & (day < begin + LASTS)
        more &= ~_brought_back(pos_sales)
        more &= rng.random(pos_sales.num_rows) < ANSWER
        self.pos_sales = one_unit_more(pos_sales, more)
        self.club = replace(
            club,
            points=balances(
                club.visit_card,
                club.visit_at,
                visits.fen + _added_fen(visits, club, card, pos_sales.filter(more), day[more]),
            ),
        )
        self.contacted = club.customer_id[reached].tolist()
        added = (
            pc.sum(self.pos_sales["net_amount"]).as_py() - pc.sum(pos_sales["net_amount"]).as_py()
        )
        self.truth: dict[str, Any] = {
            "campaign_id": CAMPAIGN,
            "contacted": int(reached.sum()),
            "held_out": int((audience & agree & ~reached).sum()),
            "net_amount": str(added),
            "lift": str(round(added / max(1, len(self.contacted)), 4)),
        }

    def contacts(self) -> Iterator[tuple[date, dict[str, object]]]:
        """The messages sent on the first days, as rows of ref_interactions by day of entry."""
        for number, customer in enumerate(self.contacted):
            day = START + timedelta(days=number % 2)
            yield (
                day,
                {
                    "interaction_id": f"{CAMPAIGN}-{number + 1:06d}",
                    "at": datetime.combine(day, time(10, number % 60)),
                    "channel": "sms",
                    "direction": "outbound",
                    "purpose": "sales",
                    "customer_id": customer,
                    "campaign_id": CAMPAIGN,
                    "is_personalised": True,
                    "is_automatic": True,
                    "is_two_way": False,
                    "outcome": "reached",
                    "cost": Decimal("0.05"),
                },
            )


def _brought_back(pos_sales: pa.Table) -> np.ndarray:
    """Whether something of the line's receipt comes back: as it was sold, so it must not change."""
    store = pos_sales["store_id"]
    receipt, origin = (
        pc.binary_join_element_wise(store, pos_sales[number], "/")
        for number in ("receipt_id", "refund_of")
    )
    return pc.is_in(receipt, origin.drop_null()).to_numpy(zero_copy_only=False)


def _added_fen(
    visits: Visits, club: Club, card: Mapping[str, int], lines: pa.Table, day: np.ndarray
) -> np.ndarray:
    """Price of the portions added, by visit; nobody comes twice a day."""
    visit = club.visit_card * DAYS + visits.day
    order = np.argsort(visit)
    bought_by = np.array([card[one] for one in lines["customer_id"].to_pylist()], dtype=np.int64)
    place = np.searchsorted(visit[order], bought_by * DAYS + (day - EPOCH).astype(np.int64))
    added = np.zeros(len(visit), dtype=np.int64)
    added[order[place]] = pc.multiply(lines["unit_price"], 100).cast(pa.int64()).to_numpy()
    return added

"""The tills' receipt lines: members and walk-ins, with voids and refunds."""

from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from regulars.demo import arrow
from regulars.demo.baskets import MAX_LINES, Lines, fill_baskets
from regulars.demo.catalogue import (
    DAYS,
    DOUHUA,
    EPOCH,
    PRODUCTS,
    SERIES,
    SNACK,
    STORES,
    TEA,
    XIANYU,
    YEARS,
    StoreCalendar,
)
from regulars.demo.grouping import rank_in_run
from regulars.demo.population import WEEKDAYS, Visits, opening_seconds, year_index

WALK_INS_PER_VISIT = 0.6
# Months of a year, January first: desserts sell in summer.
SEASON = np.array([0.7, 0.8, 0.9, 1.0, 1.1, 1.25, 1.4, 1.4, 1.15, 1.0, 0.8, 0.75])
CHANNELS = ["dine_in", "takeaway", "delivery"]
STAFF_PER_STORE = 6
VOID_SHARE = 0.004
REFUND_SHARE = 0.006


def sell(
    visits: Visits,
    member_series: np.ndarray,
    customer: np.ndarray,
    calendar: StoreCalendar,
    rng: np.random.Generator,
) -> pa.Table:
    """All receipt lines of the period as they finally stand, by store, receipt and line.

    Args:
        visits: purchase occasions of known persons.
        member_series: bool, visits by series.
        customer: customer_id of each visit.
        calendar: the stores.
        rng: source of every choice.
    """
    walk_in = _walk_ins(round(len(visits.person) * WALK_INS_PER_VISIT), calendar, rng)
    day = np.concatenate([visits.day, walk_in["day"]])
    second = np.concatenate([visits.second, walk_in["second"]])
    store = np.concatenate([visits.store, walk_in["store"]])
    series = np.concatenate([member_series, walk_in["series"]])
    customer = np.concatenate([customer, np.full(len(walk_in["day"]), None, dtype=object)])
    lines = fill_baskets(np.concatenate([visits.fen, walk_in["fen"]]), day, series, rng)
    sales = len(day)

    lines, void = _with_voids(lines, rng)
    may_return = np.concatenate([_may_return(visits), np.ones(len(walk_in["day"]), dtype=bool)])
    origin, returned_line, delay = _returns(lines, void, may_return, day, calendar, store, rng)
    day = np.concatenate([day, day[origin] + (delay >= 86_400)])
    second = np.concatenate([second, second[origin] + delay % 86_400])
    store = np.concatenate([store, store[origin]])
    customer = np.concatenate([customer, customer[origin]])
    lines = Lines(
        np.concatenate([lines.receipt, sales + np.arange(len(origin))]),
        np.concatenate([lines.line_no, np.ones(len(origin), dtype=int)]),
        np.concatenate([lines.product, lines.product[returned_line]]),
        np.concatenate([lines.milli, -lines.milli[returned_line]]),
        np.concatenate([lines.discount, np.zeros(len(origin), dtype=int)]),
        np.concatenate([lines.promotion, np.full(len(origin), "")]),
    )
    void = np.concatenate([void, np.zeros(len(origin), dtype=bool)])

    number = _receipt_numbers(store, day, second)
    refund_of = np.full(len(day), None, dtype=object)
    refund_of[sales:] = number[origin]
    channel = _channels(day, store, calendar, rng)
    channel[sales:] = channel[origin]
    staff = store * STAFF_PER_STORE + rng.integers(0, STAFF_PER_STORE, len(day))
    sold_at = (EPOCH + day).astype("datetime64[s]") + second

    order = np.lexsort((lines.line_no, number[lines.receipt], store[lines.receipt]))
    receipt, void = lines.receipt[order], void[order]
    net = lines.net[order]
    promotion = lines.promotion[order]
    own_date = np.array([s.business_date for s in STORES])[store[receipt]]
    stores = [s.store_id for s in STORES]
    at = pa.array(sold_at[receipt])
    return arrow.table(
        "pos_sales",
        {
            "receipt_id": arrow.texts(number[receipt]),
            "line_no": pa.array(lines.line_no[order]),
            "store_id": arrow.pick(stores, store[receipt]),
            "sold_at": at,
            "business_date": pa.array((EPOCH + day)[receipt], pa.date32(), mask=~own_date),
            "customer_id": arrow.texts(customer[receipt]),
            "product_code": arrow.pick([p.product_code for p in PRODUCTS], lines.product[order]),
            "qty": arrow.decimals(lines.milli[order], pa.decimal128(18, 3)),
            "unit_price": arrow.decimals(lines.price[order] * 100, pa.decimal128(18, 4)),
            "discount": arrow.decimals(lines.discount[order], arrow.AMOUNT),
            "net_amount": arrow.decimals(net, arrow.AMOUNT),
            "currency": arrow.pick(["CNY"], np.zeros(len(order), dtype=int)),
            "channel": arrow.pick(CHANNELS, channel[receipt]),
            "promo_code": arrow.texts(promotion, null=promotion == ""),
            "staff_id": arrow.pick(
                [f"{s}-{n:02d}" for s in stores for n in range(1, STAFF_PER_STORE + 1)],
                staff[receipt],
            ),
            "refund_of": arrow.texts(refund_of[receipt]),
            "void": pa.array(void),
            "updated_at": at,
        },
    )


def business_days(pos_sales: pa.Table) -> np.ndarray:
    """Business date of each line as datetime64[D]; the day ends at four in the morning."""
    return (pos_sales["sold_at"].to_numpy() - np.timedelta64(4, "h")).astype("datetime64[D]")


def one_unit_more(pos_sales: pa.Table, rows: np.ndarray) -> pa.Table:
    """The lines with one unit more, at its list price, where ``rows`` (bool, by line) is true."""
    mask = pa.array(rows)
    for name, extra in (
        ("qty", pa.scalar(Decimal("1.000"))),
        ("net_amount", pos_sales["unit_price"]),
    ):
        place = pos_sales.schema.get_field_index(name)
        field = pos_sales.schema.field(place)
        more = pc.add(pos_sales[name], pc.cast(extra, field.type)).cast(field.type)
        pos_sales = pos_sales.set_column(place, field, pc.if_else(mask, more, pos_sales[name]))
    return pos_sales


def _walk_ins(count, calendar, rng):
    """Receipts without a member: seasonal, busy at weekends, late at night where a store is."""
    days = EPOCH + np.arange(DAYS)
    month = days.astype("datetime64[M]").astype(int) % 12
    weekday = (days.astype(int) + 3) % 7
    weight = SEASON[month] * WEEKDAYS[weekday]
    open_size = sum(
        s.size * calendar.is_open(np.full(DAYS, i), np.arange(DAYS))
        for i, s in enumerate(calendar.stores)
    )
    weight = weight * open_size
    day = np.sort(rng.choice(DAYS, count, p=weight / weight.sum()))
    store = calendar.draw(day, rng)
    # In the week told night by night, even the smallest chain sells something everywhere.
    last_week = np.arange(DAYS - 7, DAYS)
    trading = np.flatnonzero(calendar.is_open(np.arange(len(calendar.stores)), DAYS - 1))
    day = np.concatenate([day, np.repeat(last_week, len(trading))])
    store = np.concatenate([store, np.tile(trading, len(last_week))])
    count = len(day)
    second = opening_seconds(rng.random(count))
    # Past midnight the business day goes on until two.
    late = calendar.late_night[store] & (rng.random(count) < 0.12)
    second = np.where(late, rng.integers(22 * 3600, 26 * 3600, count), second)
    series = np.zeros((count, len(SERIES)), dtype=bool)
    tea = rng.random(count) < 0.42
    series[:, TEA] = tea
    series[:, XIANYU] = ~tea | (rng.random(count) < 0.2)
    series[:, DOUHUA] = calendar.has_douhua(store, day) & (rng.random(count) < 0.25)
    series[:, SNACK] = rng.random(count) < 0.2
    fen = np.maximum(600, np.rint(rng.gamma(4.5, 760.0, count))).astype(int)
    return {"day": day, "second": second, "store": store, "series": series, "fen": fen}


def _with_voids(lines, rng):
    """Add miskeyed lines that the till voided at once; the receipt's amount stays."""
    last = np.flatnonzero(np.r_[lines.receipt[1:] != lines.receipt[:-1], True])
    short = last[lines.line_no[last] < MAX_LINES]
    miskeyed = short[rng.random(len(short)) < VOID_SHARE]
    extra = len(miskeyed)
    together = Lines(
        np.concatenate([lines.receipt, lines.receipt[miskeyed]]),
        np.concatenate([lines.line_no, lines.line_no[miskeyed] + 1]),
        np.concatenate([lines.product, lines.product[miskeyed]]),
        np.concatenate([lines.milli, np.full(extra, 1000)]),
        np.concatenate([lines.discount, np.zeros(extra, dtype=int)]),
        np.concatenate([lines.promotion, np.full(extra, "")]),
    )
    return together, np.arange(len(together.receipt)) >= len(lines.receipt)


def _may_return(visits):
    """Heavy spenders keep what they buy, so a refund never moves anyone over a tier boundary."""
    light = (visits.yearly_fen() < 140_000).all(axis=1)
    return light[visits.person]


def _returns(lines, void, may_return, day, calendar, store, rng):
    """(receipt, line, delay in seconds) of what is brought back, mostly within the hour."""
    full_price = np.flatnonzero(~void & (lines.discount == 0) & (lines.line_no == 1))
    candidates = full_price[may_return[lines.receipt[full_price]]]
    line = candidates[rng.random(len(candidates)) < REFUND_SHARE]
    origin = lines.receipt[line]
    delay = rng.integers(600, 3600, len(line))
    next_day = day[origin] + 1
    can_wait = (
        (next_day < DAYS)
        & calendar.is_open(store[origin], np.minimum(next_day, DAYS - 1))
        & (year_index(next_day) == year_index(day[origin]))
    )
    return origin, line, delay + 86_400 * (can_wait & (rng.random(len(line)) < 0.2))


def _receipt_numbers(store, day, second):
    """Receipt numbers as the tills print them: per store in order of time, leading zeros."""
    order = np.lexsort((second, day, store))
    number = np.empty(len(order), dtype=object)
    number[order] = np.char.zfill((rank_in_run(store[order]) + 1).astype(str), 7)
    return number


def _channels(day, store, calendar, rng):
    """Index into CHANNELS; delivery comes up over the years."""
    draw = rng.random(len(day))
    delivery = 0.02 + 0.04 * year_index(np.minimum(day, DAYS - 1)) / (len(YEARS) - 1)
    away = calendar.takeaway[store]
    return np.select([draw < delivery, away & (draw < 0.36)], [2, 1], 0)

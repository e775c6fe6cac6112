"""Which rows come in which file on which night, mishaps included."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from regulars.demo import reference
from regulars.demo.catalogue import PRODUCTS, StoreCalendar
from regulars.demo.complaints import Desk
from regulars.demo.delivery import BULK, NIGHTS, Delivery, Dirty, written
from regulars.demo.drops import Drops
from regulars.demo.members import Club
from regulars.demo.sales import business_days, one_unit_more

# (day after which, day up to which) of every delivery.
WINDOWS = tuple(zip((None, *BULK, *NIGHTS[:-1]), (*BULK, *NIGHTS), strict=True))
FOUND_WEEKS = (date(2012, 11, 5), date(2012, 11, 18))
CORRECTED_LINES = 40
MOST_DIRTY = 0.04

# feed → (column, what is wrong with it, the text delivered); None is an empty field.
DIRT = {
    "pos_sales": [
        ("qty", "unparsable number", "1,O"),
        ("sold_at", "bad date", "2012-02-30T12:00:00"),
        ("product_code", "missing required value", None),
        ("unit_price", "negative price", "-18.0000"),
        ("currency", "unknown currency", "元"),
        ("net_amount", "not a number", "NaN"),
    ],
    "survey_responses": [
        ("score", "score outside its scale", "7.00"),
        ("customer_id", "anonymous answer with a customer", "M000001"),
        ("question_code", "missing required value", None),
        ("responded_at", "bad date", "2013-04-31T10:00:00"),
        ("score", "unparsable number", "five"),
    ],
    "complaints": [
        ("severity", "unparsable number", "high"),
        ("complexity", "unknown value", "medium"),
    ],
    "complaint_events": [("at", "bad date", "yesterday")],
    "customers": [
        ("created_at", "missing required value", None),
        ("birth_date", "bad date", "1987-13-05"),
    ],
}
# The column that gives a spoilt row a key of its own.
OWN_KEY = {
    "pos_sales": "receipt_id",
    "survey_responses": "response_id",
    "complaints": "complaint_id",
    "complaint_events": "complaint_id",
    "customers": "customer_id",
}


class Corrections:
    """Lines that tills first reported with one unit too many.

    ``final`` is the table with the corrections' times, ``first`` as it was first delivered.
    """

    def __init__(self, pos_sales: pa.Table, rng: np.random.Generator) -> None:
        self.day = business_days(pos_sales)
        store = pos_sales["store_id"].to_numpy(zero_copy_only=False)
        weighed = [p.product_code for p in PRODUCTS if p.weighed]
        ordinary = pc.and_(
            pc.invert(pos_sales["void"]),
            pc.and_(
                pc.is_null(pos_sales["refund_of"]),
                pc.invert(pc.is_in(pos_sales["product_code"], pa.array(weighed))),
            ),
        ).to_numpy(zero_copy_only=False)
        old = np.flatnonzero(ordinary & (store == "S01") & _within(self.day, *WINDOWS[1]))
        new = np.flatnonzero(ordinary & (store == "S02") & (self.day == np.datetime64(NIGHTS[1])))
        self.history = np.sort(rng.choice(old, min(CORRECTED_LINES, len(old)), replace=False))
        self.night = new[::4]
        self.corrected = np.zeros(pos_sales.num_rows, dtype=bool)
        self.corrected[self.history] = self.corrected[self.night] = True

        at = pos_sales["updated_at"].to_numpy().copy()
        at[self.history] = np.datetime64("2014-01-20T10:30:00")
        at[self.night] = np.datetime64("2014-12-28T09:15:00")
        self.first = one_unit_more(pos_sales, self.corrected)
        place = pos_sales.schema.get_field_index("updated_at")
        self.final = pos_sales.set_column(place, pos_sales.schema.field(place), pa.array(at))


def _within(day: np.ndarray, after: date | None, until: date) -> np.ndarray:
    inside = day <= np.datetime64(until)
    return inside if after is None else inside & (day > np.datetime64(after))


def plan(
    corrections: Corrections,
    surveys: pa.Table,
    desk: Desk,
    club: Club,
    calendar: StoreCalendar,
    drops: Drops,
) -> tuple[list[Delivery], dict[str, str]]:
    """All deliveries in order of date, feed and name, and copies by the path they repeat."""
    pos, copies = _pos_deliveries(corrections, calendar)
    others = [
        *_survey_deliveries(surveys),
        *_complaint_deliveries(desk),
        *_reference_deliveries(club, calendar),
        *_drop_deliveries(drops),
    ]
    deliveries = sorted([*pos, *others], key=lambda d: (d.date, d.feed, d.name))
    return _soiled(deliveries, copies), copies


def _pos_deliveries(
    corrections: Corrections, calendar: StoreCalendar
) -> tuple[list[Delivery], dict[str, str]]:
    first, final, day = corrections.first, corrections.final, corrections.day
    store = first["store_id"].to_numpy(zero_copy_only=False)
    found = (store == "S02") & (day >= np.datetime64(FOUND_WEEKS[0]))
    found &= day <= np.datetime64(FOUND_WEEKS[1])
    late_store = calendar.stores[min(3, len(calendar.stores) - 1)].store_id
    offsets = {s.store_id: s.offset for s in calendar.stores}

    def delivery(
        on: date, store_id: str, label: str, rows: np.ndarray, table: pa.Table, ending: str
    ) -> Delivery:
        name = f"{store_id.lower()}{label}.{ending}"
        return Delivery(
            "pos_sales",
            on,
            name,
            table.take(pa.array(rows)),
            offset=offsets[store_id],
            manifest=on > BULK[1],
        )

    planned = []
    for after, until in WINDOWS:
        inside = _within(day, after, until) & ~found
        for s in calendar.stores:
            rows = np.flatnonzero(inside & (store == s.store_id))
            label, ending, on = (f"_{until.year}" if until in BULK else ""), "csv.gz", until
            if until == BULK[0]:
                ending = {"S01": "parquet", "S02": "csv"}.get(s.store_id, ending)
            if until == NIGHTS[1] and s.store_id == late_store:
                label, on = f"_{until}_late", NIGHTS[3]
            planned.append(delivery(on, s.store_id, label, rows, first, ending))
    planned += [
        delivery(BULK[2], "S01", "_2013_corrections", corrections.history, final, "csv.gz"),
        delivery(NIGHTS[3], "S02", f"_{NIGHTS[1]}_corrections", corrections.night, final, "csv.gz"),
        delivery(NIGHTS[5], "S02", "_2012_found", np.flatnonzero(found), first, "csv.gz"),
    ]
    planned = [d for d in planned if d.rows.num_rows]
    original = next(d for d in planned if d.date == NIGHTS[2])
    copy = Delivery(
        "pos_sales",
        NIGHTS[4],
        original.name.replace(".csv", "_resend.csv"),
        original.rows,
        offset=original.offset,
        manifest=True,
    )
    return [*planned, copy], {copy.path: original.path}


def _survey_deliveries(surveys: pa.Table) -> Iterator[Delivery]:
    day = surveys["responded_at"].to_numpy().astype("datetime64[D]")
    wave = surveys["wave_id"].to_numpy(zero_copy_only=False)
    for after, until in WINDOWS:
        inside = _within(day, after, until)
        for wave_id in np.unique(wave[inside]):
            rows = np.flatnonzero(inside & (wave == wave_id))
            yield Delivery(
                "survey_responses", until, f"{wave_id.lower()}.csv", surveys.take(pa.array(rows))
            )


def _complaint_deliveries(desk: Desk) -> Iterator[Delivery]:
    for after, until in WINDOWS:
        begin = None if after is None else _midnight_after(after)
        for feed, rows in (
            ("complaints", desk.complaints(begin, _midnight_after(until))),
            ("complaint_events", desk.events(begin, _midnight_after(until))),
        ):
            if rows.num_rows:
                yield Delivery(feed, until, f"{feed}.csv", rows)


def _midnight_after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), datetime.min.time())


def _reference_deliveries(club: Club, calendar: StoreCalendar) -> Iterator[Delivery]:
    known_stores = None
    for after, until in WINDOWS:
        members = club.rows(after and np.datetime64(after), np.datetime64(until))
        if members.num_rows:
            ending = "csv.gz" if until in BULK else "csv"
            yield Delivery("customers", until, f"members.{ending}", members)
        if until in BULK:
            # Neither file has row versions: the export's time in the manifest tells which is newer.
            stores = reference.stores(calendar.stores, until)
            if stores != known_stores:
                yield Delivery("stores", until, "stores.csv", stores, manifest=True)
            known_stores = stores
            yield Delivery(
                "products", until, "products.csv", reference.products(until), manifest=True
            )
    recosted = reference.recosted_products(NIGHTS[4])
    yield Delivery("products", NIGHTS[4], "products.csv", recosted, manifest=True)


def _drop_deliveries(drops: Drops) -> Iterator[Delivery]:
    for feed in drops.versions:
        for after, until in WINDOWS:
            rows = drops.rows(feed, after, until)
            if rows.num_rows:
                yield Delivery(feed, until, f"{feed.removeprefix('ref_')}.csv", rows)


def _soiled(deliveries: list[Delivery], copies: dict[str, str]) -> list[Delivery]:
    """Spread the DIRT of every feed over its files, few rows a file, some of it the last night."""
    untouched = {*copies, *copies.values()}
    soiled = {d.path: d for d in deliveries}
    for feed, dirt in DIRT.items():
        files = [
            d
            for d in deliveries
            if d.feed == feed and d.path not in untouched and not d.name.endswith(".parquet")
        ]
        # The largest first: a file with too many bad rows would be refused as a whole.
        files = sorted(files, key=lambda d: (-d.rows.num_rows, d.path))[:4]
        last = [d for d in deliveries if d.feed == feed and d.date == NIGHTS[-1]]
        if feed == "pos_sales" and last:
            files[-1:] = [max(last, key=lambda d: (d.rows.num_rows, d.path))]
        for number, spoil in enumerate(dirt):
            target = soiled[files[number % len(files)].path]
            if (len(target.dirty) + 1) / (target.row_count + 1) <= MOST_DIRTY:
                row = _spoilt(target, number, *spoil)
                soiled[target.path] = replace(target, dirty=(*target.dirty, row))
    return list(soiled.values())


def _spoilt(target: Delivery, number: int, column: str, kind: str, text: str | None) -> Dirty:
    """An ordinary row of the file under a key of its own, with one value spoilt."""
    good = _suitable(target, column, kind)
    record = {
        name: written(target.rows.slice(good, 1)[name], target.offset)[0].as_py()
        for name in target.rows.schema.names
    }
    record[OWN_KEY[target.feed]] = f"{record[OWN_KEY[target.feed]]}-X{number + 1}"
    if column == "score":
        record |= {"scale_min": "1.00", "scale_max": "5.00"}
    if kind == "anonymous answer with a customer":
        record["anonymous"] = "true"
    return Dirty(at=good + 1, column=column, kind=kind, values=record | {column: text})


def _suitable(target: Delivery, column: str, kind: str) -> int:
    """A row in the middle of the file that has no fault or special case of its own."""
    start = target.rows.num_rows * (1 + len(target.dirty)) // 7
    if target.feed != "pos_sales":
        return start
    plain = pc.and_(
        pc.and_(pc.is_null(target.rows["refund_of"]), pc.invert(target.rows["void"])),
        pc.greater(target.rows["net_amount"], 0),
    ).to_numpy(zero_copy_only=False)
    return int(start + np.flatnonzero(plain[start:])[0])

"""The product and store files as head office hands them over."""

from datetime import date
from decimal import Decimal

import pyarrow as pa

from regulars.demo import arrow
from regulars.demo.catalogue import NEW_COSTS, PRODUCTS, SERIES, Product, Store


def products(known_on: date) -> pa.Table:
    """The range on a date; products that left it stay in the file with their last day."""
    return _products([p for p in PRODUCTS if p.sold_from <= known_on], known_on, {})


def recosted_products(known_on: date) -> pa.Table:
    """The rows head office sends when ingredients change in price."""
    return _products([p for p in PRODUCTS if p.product_code in NEW_COSTS], known_on, NEW_COSTS)


def _products(listed: list[Product], known_on: date, costs: dict[str, int]) -> pa.Table:
    return _table(
        "products",
        [
            {
                "product_code": p.product_code,
                "name": p.name,
                "series": SERIES[p.series],
                "line": p.line,
                "category": p.category,
                "role": p.role,
                "unit_cost": Decimal(costs.get(p.product_code, p.cost)) / 100,
                "list_price": Decimal(p.price) / 100,
                "sold_from": p.sold_from,
                "sold_to": p.sold_to if p.sold_to and p.sold_to <= known_on else None,
            }
            for p in listed
        ],
    )


def stores(listed: tuple[Store, ...], known_on: date) -> pa.Table:
    """The stores opened by a date, with what they were equipped with on it."""
    return _table("stores", [_store(s, known_on) for s in listed if s.opened_at <= known_on])


def _store(store: Store, known_on: date) -> dict[str, object]:
    equipment = ["shaved_ice", "tea_bar"]
    if store.douhua_from and store.douhua_from <= known_on:
        equipment.insert(0, "douhua")
    return {
        "store_id": store.store_id,
        "name": f"青芋里{store.city}{store.name}",
        "timezone": "Asia/Shanghai",
        "country": "CN",
        "province": store.province,
        "city": store.city,
        "region": store.region,
        "latitude": Decimal(store.latitude),
        "longitude": Decimal(store.longitude),
        "opened_at": store.opened_at,
        "closed_at": store.closed_at if store.closed_at and store.closed_at <= known_on else None,
        "offers_takeaway": store.takeaway,
        "self_service": store.self_service,
        "equipment": ";".join(equipment),
    }


def _table(feed: str, rows: list[dict[str, object]]) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=arrow.columns(feed))

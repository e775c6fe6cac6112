"""A chain of any number of lines: three years of history, then one night of always the same size.

Everything follows from the number of a row, so two runs deliver the same bytes.
"""

from datetime import date, timedelta
from pathlib import Path

import duckdb

FIRST, NIGHT = date(2012, 1, 1), date(2014, 12, 31)
EVE = NIGHT - timedelta(days=1)
NIGHT_LINES = 3_000
LINES_OF_RECEIPT = 3
_MONTHS = 36

# Receipt r lies in history in proportion to its number. Of every thousand members a few buy most,
# whatever the length of the chain. Every 200th receipt pays one back, every 997th is void.
_SALES = """
    select
        'r' || r as receipt_id, line as line_no, 's' || (r % 30) as store_id,
        strftime(
            sold_on + interval 10 hour + to_seconds(r * 7919 % 39600), '%Y-%m-%dT%H:%M:%S'
        ) as sold_at,
        case when r % 10 < 7
            then 'c' || (
                r * 104729 % greatest({members} // 1000, 1) * 1000
                + cast(
                    floor(least({members}, 1000) * pow((r * 7919 % 1000003) / 1000003, 2))
                    as bigint
                )
            )
        end as customer_id,
        'p' || ((r + line) * 31 % 100) as product_code,
        case when r % 200 = 0 and r >= 60 then -1 else 1 end as qty,
        8 + (r + line) * 31 % 100 % 40 as unit_price,
        case when r % 200 = 0 and r >= 60 then -1 else 1 end * (8 + (r + line) * 31 % 100 % 40)
            - {cheaper} as net_amount,
        case when r % 200 = 0 and r >= 60 then 'r' || (r - 60) end as refund_of,
        r % 997 = 0 as void,
        {updated_at} as updated_at
    from (
        select r, line, {sold_on} as sold_on
        from range({start}, {stop}) t(r), range(1, {lines} + 1) u(line)
    )
"""


def deliver_history(landing: Path, lines: int, members: int) -> None:
    """Deliver sales, members, complaints and answers up to the eve of the night.

    Every 500th receipt is corrected by the last file.
    """
    receipts = lines // LINES_OF_RECEIPT
    days = (EVE - FIRST).days + 1
    sold_on = f"date '{FIRST}' + cast(r * {days} // {receipts} as integer)"
    for month in range(_MONTHS):
        start, stop = (receipts * (month + side) // _MONTHS for side in (0, 1))
        last = min(EVE, FIRST + timedelta(days=days * stop // receipts))
        _write(landing, "pos_sales", last, f"{month}.csv", _sales(members, start, stop, sold_on))
    corrected = _sales(members, 0, receipts, sold_on, cheaper=1, updated_at=f"'{EVE}T23:00:00'")
    corrected += " where r % 500 = 1"
    _write(landing, "pos_sales", EVE, "corrected.csv", corrected)
    _write(
        landing,
        "customers",
        FIRST,
        "members.csv",
        f"""
        select
            'c' || n as customer_id, 'city' || (n % 20) as city,
            '2011-12-01T10:00:00' as created_at, '2011-12-01T10:00:00' as updated_at
        from range({members}) t(n)
        """,
    )
    _write(
        landing,
        "stores",
        FIRST,
        "stores.csv",
        """
        select
            's' || n as store_id, 'Store ' || n as name, 'Asia/Shanghai' as timezone,
            '2011-01-01' as opened_at
        from range(30) t(n)
        """,
    )
    _write(
        landing,
        "products",
        FIRST,
        "products.csv",
        """
        select
            'p' || n as product_code, 'Product ' || n as name, 'series ' || (n % 6) as series,
            '2011-01-01' as sold_from
        from range(100) t(n)
        """,
    )
    _voices(landing, EVE, "history", 0, lines // 2_000, f"date '{FIRST}'", days, members)


def deliver_night(landing: Path, lines: int, members: int) -> None:
    """Deliver the night behind a history of ``lines``: its size does not depend on them."""
    receipts = lines // LINES_OF_RECEIPT
    stop = receipts + NIGHT_LINES // LINES_OF_RECEIPT
    sales = _sales(members, receipts, stop, f"date '{NIGHT}'")
    _write(landing, "pos_sales", NIGHT, "night.csv", sales)
    first = lines // 2_000
    _voices(landing, NIGHT, "night", first, first + 10, f"date '{NIGHT}'", 1, members)


def _sales(
    members: int,
    start: int,
    stop: int,
    sold_on: str,
    cheaper: int = 0,
    updated_at: str = "cast(null as varchar)",
) -> str:
    return _SALES.format(
        members=members,
        start=start,
        stop=stop,
        sold_on=sold_on,
        cheaper=cheaper,
        updated_at=updated_at,
        lines=LINES_OF_RECEIPT,
    )


def _voices(
    landing: Path, day: date, name: str, start: int, stop: int, since: str, days: int, members: int
) -> None:
    """Complaints with two steps each, of which every tenth is late, and twice as many answers."""
    received = f"{since} + to_days(cast(n % {days} as integer)) + interval 11 hour"

    def at(moment: str) -> str:
        return f"strftime({moment}, '%Y-%m-%dT%H:%M:%S')"

    numbers = f"from range({start}, {stop}) t(n)"
    _write(
        landing,
        "complaints",
        day,
        f"{name}.csv",
        f"""
        select
            'k' || n as complaint_id, {at(received)} as received_at, 'phone' as channel,
            'c' || (n * 31 % {members}) as customer_id, 's' || (n % 30) as store_id,
            1 + n % 5 as severity
        {numbers}
        """,
    )
    _write(
        landing,
        "complaint_events",
        day,
        f"{name}.csv",
        f"""
        select
            'k' || n as complaint_id, step, 'desk' as actor,
            {at(f"{received} + to_hours(case when n % 10 = 0 then 30 else 1 end + later)")} as at
        {numbers}, (values ('answered', 0), ('closed', 10)) steps(step, later)
        """,
    )
    _write(
        landing,
        "survey_responses",
        day,
        f"{name}.csv",
        f"""
        select
            year({received}) || 'Q' || quarter({received}) as wave_id, 'a' || n as response_id,
            'NPS' as question_code, 'recommend' as dimension, n * 7 % 11 as score,
            0 as scale_min, 10 as scale_max, {at(received)} as responded_at,
            's' || (n % 30) as store_id, 'false' as anonymous,
            'c' || (n * 17 % {members}) as customer_id
        from range({2 * start}, {2 * stop}) t(n)
        """,
    )


def _write(landing: Path, feed: str, day: date, name: str, query: str) -> None:
    folder = landing / feed / day.isoformat()
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        connection.execute(f"copy ({query}) to '{folder / name}' (header)")

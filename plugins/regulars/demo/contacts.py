"""What the desk, the membership office and research keep about people."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import numpy as np
import pyarrow.compute as pc

from regulars.demo.catalogue import DOUHUA, FIRST_DAY, LAST_DAY, SERIES, YEARS
from regulars.demo.complaints import HANDLERS
from regulars.demo.members import LEVEL_POINTS, LEVELS
from regulars.demo.office import Office
from regulars.demo.surveys import RIVAL

PROSPECTS_PER_MEMBER = 0.05
# First day whose deliveries are followed by a call the same day (FB-06).
CALLS_FROM = date(2014, 12, 22)
DIGEST = "rpt_daily_verbatim_digest"
DIGEST_FROM = date(2014, 12, 1)
POSTS = [
    ("weibo", "芋圆Q弹,冬天一碗暖到心里", "0.850"),
    ("dianping", "排队太久,服务一般", "-0.450"),
    ("douyin", "今天打卡青芋里", "0.500"),
    ("wechat", "豆花有怪味,不会再来", "-0.800"),
    ("weibo", "涨价了,分量没变", "-0.200"),
]
WISHES = [
    ("豆花", "no_equipment", "P201"),
    ("雪花冰", "out_of_stock", "P304"),
    ("杏仁茶", "not_on_menu", None),
]
SUGGESTIONS = [
    ("菜单上标出热量", "received", None),
    ("小票上印积分说明", "adopted", "200.00"),
    ("夏天早一小时开门", "rejected", None),
]


def entries(office: Office):
    """Versions of the rows by feed."""
    return {
        "ref_members": list(_members(office)),
        "ref_consents": list(_consents(office)),
        "ref_prospects": list(_prospects(office)),
        "ref_interactions": _numbered("I", "interaction_id", _interactions(office)),
        "ref_feedback": list(_feedback(office)),
        "ref_read_receipts": list(_read_receipts(office)),
        "ref_service_times": list(_service_times(office)),
    }


def _numbered(letter, column, rows):
    """Numbers in the order of entry; rows of one day keep the order they came in."""
    ordered = sorted(rows, key=lambda row: row[0])
    return [(day, {column: f"{letter}{n:06d}"} | row) for n, (day, row) in enumerate(ordered, 1)]


def _at(day: date, office: Office, opens: int = 10, closes: int = 20) -> datetime:
    second = int(office.rng.integers(opens * 3600, closes * 3600))
    return datetime.combine(day, time()) + timedelta(seconds=second)


def _members(office: Office):
    """A statement for each card and year in which it was used; the balances are the cards'."""
    club = office.club
    order = np.lexsort((club.points, club.visit_at, club.visit_card))
    card, points = club.visit_card[order], club.points[order]
    year = club.visit_at[order].astype("datetime64[Y]").astype(int) + 1970
    last = np.flatnonzero(np.r_[(card[1:] != card[:-1]) | (year[1:] != year[:-1]), True])
    closing = points[last]
    again = np.r_[False, card[last[1:]] == card[last[:-1]]]
    opening = np.where(again, np.r_[0, closing[:-1]], 0)
    rewards = (closing - opening) // 400
    level = np.searchsorted(LEVEL_POINTS, closing, side="right")
    since = np.full((len(LEVELS), len(club.customer_id)), np.datetime64("9999-01-01", "s"))
    for number, threshold in enumerate([0, *LEVEL_POINTS]):
        reached = club.points >= threshold
        np.minimum.at(since[number], club.visit_card[reached], club.visit_at[reached])
    columns = (card[last], year[last], level, opening, closing, rewards)
    for of, in_year, at_level, begun, ended, taken in zip(
        *(column.tolist() for column in columns), strict=True
    ):
        yield (
            date(in_year, 12, 31),
            {
                "customer_id": club.customer_id[of],
                "period": date(in_year, 1, 1),
                "period_kind": "year",
                "level": LEVELS[at_level],
                "level_from": since[at_level, of].astype("datetime64[D]").astype(object),
                "points_opening": begun,
                # Points spent on rewards were earned on top of what stayed.
                "points_earned": ended - begun + 100 * taken,
                "points_redeemed": 100 * taken,
                "points_expired": 0,
                "points_closing": ended,
                "rewards_offered": taken + 1,
                "rewards_redeemed": taken,
                "reward_cost": Decimal(8 * taken),
                "birthday_gift": at_level > 0,
                "exclusive_offer": at_level == len(LEVELS) - 1,
                "priority_service": at_level == len(LEVELS) - 1,
                "activities": "birthday;spend_threshold" if at_level else None,
            },
        )


def _consents(office: Office):
    """Marketing by any channel for those who agree; some later take back the phone."""
    club = office.club
    agree = np.array(club.fixed["consent_marketing"], dtype=bool)
    phone = np.array([number is not None for number in club.fixed["phone"]])
    by_phone = agree & phone & (office.rng.random(len(agree)) < 0.25)
    withdrawn = office.rng.random(len(agree)) < 0.15
    later = office.rng.integers(30, 400, len(agree))
    for card in np.flatnonzero(agree):
        given = club.created_at[card].astype(object)
        row = {
            "customer_id": club.customer_id[card],
            "purpose": "marketing",
            "channel": "any",
            "given_at": given,
            "basis": "consent",
            "collection_mode": "direct",
            "source_name": "入会单",
        }
        yield given.date(), row
        if not by_phone[card]:
            continue
        row = row | {"channel": "phone", "contact_from": "10:00", "contact_to": "20:30"}
        yield given.date(), row
        taken_back = given + timedelta(days=int(later[card]))
        if withdrawn[card] and taken_back.date() <= LAST_DAY:
            yield taken_back.date(), row | {"withdrawn_at": taken_back}
    # Members whom a partner brought, and one who asked to be forgotten.
    for card in np.flatnonzero(~agree)[:3]:
        given = club.created_at[card].astype(object)
        yield (
            given.date(),
            {
                "customer_id": club.customer_id[card],
                "purpose": "partner_sharing",
                "channel": "any",
                "given_at": given,
                "basis": "consent",
                "collection_mode": "indirect",
                "source_name": "淘点点",
            },
        )
    never_bought = np.flatnonzero(~np.isin(np.arange(len(agree)), club.visit_card))
    for card in never_bought[:1]:
        asked = date(2014, 12, 30)
        yield (
            asked,
            {
                "customer_id": club.customer_id[card],
                "purpose": "service",
                "channel": "any",
                "given_at": club.created_at[card].astype(object),
                "withdrawn_at": datetime.combine(asked, time(11)),
                "erasure_requested_at": datetime.combine(asked, time(11)),
                "basis": "contract",
                "collection_mode": "direct",
            },
        )


def _prospects(office: Office):
    """Half became members some days after the first contact; the others asked, or did not."""
    club = office.club
    first_visit = np.full(len(club.customer_id), np.datetime64("9999-01-01", "s"))
    np.minimum.at(first_visit, club.visit_card, club.visit_at)
    second_cards = [pair["also"] for pair in club.second_cards]
    bought = np.flatnonzero(
        (first_visit < np.datetime64(LAST_DAY, "s")) & ~np.isin(club.customer_id, second_cards)
    )
    count = max(8, round(PROSPECTS_PER_MEMBER * len(club.customer_id)))
    converted = office.rng.choice(bought, min(count // 2, len(bought)), replace=False)
    methods = ("face_to_face", "referral", "remote")
    stores = [s.store_id for s in office.calendar.stores]
    number = 0
    for card in converted:
        won = first_visit[card].astype("datetime64[D]").astype(object)
        contact = won - timedelta(days=int(office.rng.integers(1, 41)))
        if contact < FIRST_DAY:
            continue
        number += 1
        method = methods[number % 3]
        row = {
            "prospect_id": f"PR{number:05d}",
            "first_contact_date": contact,
            "search_method": method,
            "source_channel": ("store", "app", "social")[number % 3],
            "partner_id": "P-PLATFORM" if method == "remote" else None,
            "store_id": stores[number % len(stores)],
            "intent_date": contact + (won - contact) // 2,
            "intent_signal": ("enquiry", "coupon", "trial")[number % 3],
        }
        yield contact, row | {"intent_date": None, "intent_signal": None}
        yield won, row | {"customer_id": club.customer_id[card], "converted_date": won}
    for contact in office.some_days(count - count // 2):
        number += 1
        row = {
            "prospect_id": f"PR{number:05d}",
            "first_contact_date": contact,
            "search_method": methods[number % 3],
            "store_id": stores[number % len(stores)],
            "segment": ("youth", "families", "corporate")[number % 3],
            "expected_value": Decimal(600),
        }
        yield contact, row
        asked = contact + timedelta(days=7)
        if number % 2 and asked <= LAST_DAY:
            yield asked, row | {"intent_date": asked, "intent_signal": "enquiry"}
        elif (lost := contact + timedelta(days=180)) <= LAST_DAY:
            yield lost, row | {"lost_date": lost}


def _interactions(office: Office):
    yield from _key_account_calls(office)
    yield from _birthday_wishes(office)
    yield from _complaint_calls(office)
    yield from _service_cases(office)
    yield from _wishes_and_orders(office)
    yield from _delivery_calls(office)
    yield from _win_back(office)


def _contact(office, day, customer, channel, direction, purpose, staff_id, **values):
    row = {
        "at": _at(day, office),
        "channel": channel,
        "direction": direction,
        "purpose": purpose,
        "customer_id": customer,
        "staff_id": staff_id,
    }
    return day, row | values


def _key_account_calls(office: Office):
    """A call a month to last year's best customers; one of them is forgotten in 2014."""
    for year, customers in office.best_customers.items():
        for number, customer in enumerate(customers):
            if year == YEARS[-1]:
                continue
            last = 3 if year == YEARS[1] and number == 0 else 12
            for month in range(1, last + 1):
                day = date(year + 1, month, 6 + number)
                yield _contact(
                    office, day, customer, "phone", "outbound",
                    "care" if month % 3 else "non_sales", ("HQ-03", "HQ-04")[number % 2],
                    is_automatic=False, is_two_way=month % 4 > 0,
                    outcome="reached" if month % 4 else "not_reached", cost=Decimal("6.00"),
                )  # fmt: skip


def _birthday_wishes(office: Office):
    """Messages of one week a year, sent by machine to those who agree."""
    club = office.club
    for card in np.flatnonzero(np.array(club.fixed["consent_marketing"], dtype=bool)):
        born = club.fixed["birth_date"][card]
        day = date(2014, born.month, min(born.day, 28))
        if date(2014, 12, 15) <= day <= LAST_DAY and club.created_at[card] < np.datetime64(day):
            yield _contact(
                office, day, club.customer_id[card], "sms", "outbound", "care", None,
                occasion="birthday", is_automatic=True, is_two_way=False, cost=Decimal("0.10"),
            )  # fmt: skip


def _complaint_calls(office: Office):
    """The desk calls back whoever it knows: a task set on receipt, done or overdue."""
    for case in office.desk.cases:
        received = case.received_at.date()
        if case.fixed["customer_id"] is None or received < date(2014, 1, 1) or received > LAST_DAY:
            continue
        done = next((at for step, at, _ in case.steps if step == "followed_up"), None)
        seen = done is not None and done.date() <= LAST_DAY
        day = done.date() if seen else received
        yield (
            day,
            {
                "at": case.received_at,
                "channel": "phone",
                "direction": "outbound",
                "purpose": "complaint",
                "customer_id": case.fixed["customer_id"],
                "staff_id": case.handler_id,
                "store_id": case.fixed["store_id"],
                "complaint_id": case.complaint_id,
                "follow_up_kind": "after_sale",
                "due_date": received + timedelta(days=7),
                "done_at": done if seen else None,
                "is_two_way": seen,
            },
        )


def _service_cases(office: Office):
    customers = office.club.customer_id
    kinds = (("pre", "enquiry"), ("in", "support"), ("after", "return_exchange"))
    for number, day in enumerate(office.some_days(max(12, len(customers) // 40)), start=1):
        phase, kind = kinds[number % 3]
        known = np.flatnonzero(office.club.created_at < np.datetime64(day))
        customer = customers[office.rng.choice(known)] if len(known) else None
        opened = _at(day, office, closes=16)
        first = f"H{1 + number % HANDLERS:02d}"
        row = {
            "at": opened,
            "channel": ("phone", "store", "app", "fax")[number % 4],
            "direction": "inbound",
            "purpose": "service",
            "customer_id": customer,
            "staff_id": first,
            "service_phase": phase,
            "service_kind": kind,
            "kind": "enquiry" if kind == "enquiry" else None,
            "opened_at": opened,
            "closed_at": opened + timedelta(minutes=20 + number % 90),
            "case_id": f"SC{number:05d}",
            "is_two_way": True,
            "cost": Decimal("4.50"),
        }
        if number % 10:
            yield day, row
            continue
        # Handed to a colleague and back again.
        second = f"H{1 + (number + 1) % HANDLERS:02d}"
        yield day, row | {"handed_to_id": second, "closed_at": None}
        later = opened + timedelta(hours=2)
        yield day, row | {"at": later, "staff_id": second, "handed_to_id": first}


def _wishes_and_orders(office: Office):
    """What could not be had, and orders asked for; some orders are still open."""
    stores = office.calendar.stores
    unequipped = [s for s in stores if s.douhua_from is None] or stores
    for number, day in enumerate(office.some_days(6 * len(stores)), start=1):
        wish, reason, product = WISHES[number % 3]
        store = (unequipped if reason == "no_equipment" else stores)[number % len(unequipped)]
        yield _contact(
            office, day, None, "store", "inbound", "sales", f"{store.store_id}-02",
            store_id=store.store_id, kind="enquiry", reason=reason, wish=wish,
            product_code=product, is_two_way=True,
        )  # fmt: skip
    for number, day in enumerate(office.some_days(24, first=date(2014, 1, 1)), start=1):
        late = day > date(2014, 12, 24)
        yield _contact(
            office, day, None, "phone", "inbound", "sales", "HQ-03", kind="order_request",
            order_status="open" if late else ("delivered", "cancelled")[number % 5 == 0],
            is_two_way=True,
        )  # fmt: skip
    yield _contact(
        office, date(2014, 6, 3), None, "visit", "outbound", "non_sales", "HQ-03",
        occasion="festival", gift_value=Decimal("128.00"), is_two_way=True,
    )  # fmt: skip


def _delivery_calls(office: Office):
    """A call the same day for four of five deliveries to a known customer."""
    sold = office.pos_sales
    wanted = pc.and_(
        pc.and_(pc.equal(sold["channel"], "delivery"), pc.is_valid(sold["customer_id"])),
        pc.and_(pc.equal(sold["line_no"], 1), pc.is_null(sold["refund_of"])),
    )
    recent = pc.greater_equal(sold["sold_at"], datetime.combine(CALLS_FROM, time()))
    wanted = sold.filter(pc.and_(wanted, recent)).select(
        ["store_id", "receipt_id", "customer_id", "sold_at"]
    )
    for number, row in enumerate(wanted.to_pylist()):
        sold_on = row["sold_at"].date()
        if number % 5 == 4 or sold_on > LAST_DAY:
            continue
        yield (
            sold_on,
            {
                "at": row["sold_at"] + timedelta(minutes=45),
                "channel": "phone",
                "direction": "outbound",
                "purpose": "care",
                "customer_id": row["customer_id"],
                "staff_id": f"H{1 + number % HANDLERS:02d}",
                "store_id": row["store_id"],
                "receipt_id": row["receipt_id"],
                "is_two_way": number % 3 > 0,
                "cost": Decimal("1.20"),
            },
        )


def _win_back(office: Office):
    """Offers of the campaign to members silent for a year, one in ten kept as control group."""
    club = office.club
    start = date(2014, 10, 1)
    seen = club.visit_at < np.datetime64(start)
    last = np.full(len(club.customer_id), np.datetime64("1970-01-01", "s"))
    np.maximum.at(last, club.visit_card[seen], club.visit_at[seen])
    agree = np.array(club.fixed["consent_marketing"], dtype=bool)
    silent = agree & (last > np.datetime64("2012-01-01", "s"))
    silent &= last < np.datetime64(start, "s") - np.timedelta64(365, "D")
    for number, card in enumerate(np.flatnonzero(silent)):
        if number % 10 == 9:
            continue
        came = club.visit_at[club.visit_card == card].max() >= np.datetime64(start)
        yield _contact(
            office, start + timedelta(days=number % 28), club.customer_id[card],
            ("sms", "phone")[number % 2], "outbound", "retention", None, campaign_id="C14-1",
            is_personalised=number % 4 == 0, is_automatic=number % 2 == 0,
            is_two_way=number % 2 == 1, outcome="bought" if came else "not_reached",
            cost=Decimal("0.50"),
        )  # fmt: skip


def _feedback(office: Office):
    """Posts, interviews and focus groups of the waves, suggestions of staff and customers."""
    stores = [s.store_id for s in office.calendar.stores]
    for number, day in enumerate(office.some_days(200), start=1):
        platform, text, sentiment = POSTS[number % len(POSTS)]
        yield (
            day,
            {
                "feedback_id": f"{platform}-{80_000 + number}",
                "author": "public",
                "platform": platform,
                "posted_at": _at(day, office),
                "author_hash": f"{int(office.rng.integers(2**40)):010x}",
                "store_id": stores[number % len(stores)] if number % 4 else None,
                "brand": RIVAL if number % 7 == 0 else None,
                "text": text,
                "sentiment": Decimal(sentiment),
            },
        )
    for year in YEARS:
        yield from _talks(office, year)
        for number, (text, status, reward) in enumerate(SUGGESTIONS, start=1):
            day = date(year, 3 * number, 10)
            yield (
                day,
                {
                    "feedback_id": f"SU-{year % 100:02d}{number:02d}",
                    "author": "staff",
                    "posted_at": _at(day, office),
                    "anonymous": number == 1,
                    "staff_id": None if number == 1 else f"{stores[0]}-0{number}",
                    "text": text,
                    "status": status,
                    "answered_at": None if number == 1 else _at(day + timedelta(days=3), office),
                    "improvement_id": "IM-3" if reward and year == YEARS[-1] else None,
                    "reward_amount": reward and Decimal(reward),
                },
            )
    wish = {
        "feedback_id": "WI-0001",
        "author": "customer",
        "posted_at": datetime(2013, 10, 5, 15, 30),
        "customer_id": office.best_customers[YEARS[0]][0],
        "store_id": stores[0],
        "text": "想喝热的柚子茶",
        "sentiment": Decimal("0.200"),
        "status": "received",
    }
    yield date(2013, 10, 5), wish
    launched = {
        "status": "launched",
        "product_code": "P406",
        "answered_at": datetime(2013, 10, 8, 10),
        "closed_at": datetime(2014, 4, 1, 10),
    }
    yield date(2014, 4, 1), wish | launched


def _talks(office: Office, year: int):
    """Six interviews and one focus group of five in the autumn wave."""
    strata = ("A", "B", "C")
    for number in range(1, 7):
        day = date(year, 11, 20 + number)
        yield (
            day,
            {
                "feedback_id": f"IV-{year}-{number}",
                "author": "customer",
                "method": "interview",
                "posted_at": _at(day, office),
                "wave_id": f"W{year}B",
                "guide_id": "G-1",
                "interviewer_id": "HQ-02",
                "question_type": "open",
                "stratum": strata[number % 3],
                # One transcript is missing every year.
                "text": None if number == 6 else "喜欢仙草,点心选择少。",
            },
        )
    for number in range(1, 6):
        day = date(year, 12, 2)
        yield (
            day,
            {
                "feedback_id": f"FG-{year}-{number}",
                "author": "customer",
                "method": "focus_group",
                "posted_at": datetime.combine(day, time(15)),
                "wave_id": f"W{year}B",
                "session_id": f"FG-{year}",
                "topic": SERIES[DOUHUA],
                "product_series": SERIES[DOUHUA],
                "stratum": "B",
                "key_points": "口感好,门店少",
                "conclusion": None if year == YEARS[0] else "先装设备再推广",
            },
        )


def _service_times(office: Office):
    """Dine-in orders of the last days; the tills of the last store do not say when they serve."""
    sold = office.pos_sales
    silent = max(s.store_id for s in office.calendar.stores)
    wanted = pc.and_(
        pc.and_(pc.equal(sold["channel"], "dine_in"), pc.equal(sold["line_no"], 1)),
        pc.and_(pc.is_null(sold["refund_of"]), pc.not_equal(sold["store_id"], silent)),
    )
    recent = pc.greater_equal(sold["sold_at"], datetime.combine(CALLS_FROM, time()))
    wanted = sold.filter(pc.and_(wanted, recent)).select(["store_id", "receipt_id", "sold_at"])
    for number, row in enumerate(wanted.to_pylist()):
        sold_on = row["sold_at"].date()
        if sold_on > LAST_DAY:
            continue
        # Longer at noon and in the evening.
        minutes = 3 + number % 5 + (4 if row["sold_at"].hour in (12, 13, 18, 19) else 0)
        yield (
            sold_on,
            {
                "store_id": row["store_id"],
                "receipt_id": row["receipt_id"],
                "ordered_at": row["sold_at"],
                "served_at": row["sold_at"] + timedelta(minutes=minutes),
            },
        )


def _read_receipts(office: Office):
    """Two managers read the digest on the morning after; on one day nobody does."""
    for number in range((LAST_DAY - DIGEST_FROM).days):
        day = DIGEST_FROM + timedelta(days=number)
        if day == date(2014, 12, 25):
            continue
        for page in range(1, 1 + int(office.rng.integers(1, 4))):
            for reader in ("HQ-01", "HQ-08"):
                morning = day + timedelta(days=1)
                yield (
                    morning,
                    {
                        "report": DIGEST,
                        "report_date": day,
                        "page_no": page,
                        "reader_id": reader,
                        "read_at": _at(morning, office, 8, 9),
                    },
                )

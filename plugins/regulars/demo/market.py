"""What marketing, purchasing and the books hand in: figures of the market and of money."""

from datetime import date, timedelta
from decimal import Decimal

from regulars.demo.catalogue import DOUHUA, FIRST_DAY, SERIES, TEA, YEARS
from regulars.demo.office import Office, Version, months, quarters
from regulars.demo.surveys import RIVAL
from regulars.demo.trial import CAMPAIGN, CONTROL_SHARE, LASTS, START

REPORT = "中国甜品行业月报"
STATISTICS = "国家统计局"
SHARE = {"all": 0.08, SERIES[TEA]: 0.20}
# Three months running the share of tea falls, by more than a tenth in all (RISK-01).
FALLING_TEA = {
    date(2014, 8, 1): 0.200,
    date(2014, 9, 1): 0.192,
    date(2014, 10, 1): 0.185,
    date(2014, 11, 1): 0.179,
}
# What a store costs, as shares of its sales.
BOOKS = {
    "cost_of_goods": 0.36,
    "service_cost": 0.04,
    "staff_cost": 0.22,
    "rent": 0.15,
    "other_cost": 0.05,
    "cash_in": 1.0,
    "cash_out": 0.84,
    "stock_value": 0.03,
}
SUPPLIERS = {
    "taro": [("P-TARO-A", "闽芋农业", 0.7, "medium", 1), ("P-TARO-B", "桂北芋业", 0.3, "low", 2)],
    "grass_jelly": [("P-GRASS", "仙草本草", 1.0, "high", 0)],
    "soy": [("P-SOY-A", "东北大豆", 0.6, "low", 3), ("P-SOY-B", "皖北豆坊", 0.4, "low", 3)],
}
# Cities without a store: footfall a year, income per head.
CITIES = {"西安": (2_050_000, 36_400), "长沙": (1_900_000, 38_700), "昆明": (1_400_000, 33_900)}
CAMPAIGNS = [
    # id, name, kind, audience, tactic, level, metric, target, unit, promo code, start, days, budget
    ("C12-1", "会员日", "promotion", "members", "coupon", 1, "sales_growth", "0.05", "share",
     "MEMBER", date(2012, 3, 1), 90, 20_000),
    ("C12-2", "试吃会", "event", "all", "tasting", 2, "new_customers", "300", "customers", None,
     date(2012, 9, 15), 9, 12_000),
    ("C13-1", "清凉一夏", "promotion", "all", "coupon", 1, "sales_growth", "0.08", "share",
     "SEASON", date(2013, 6, 1), 60, 30_000),
    ("C13-2", "生日关怀", "care", "key", "birthday", 2, "retention_rate", "0.9", "share", None,
     date(2013, 1, 1), 730, 8_000),
    ("C13-3", "雪花冰上市", "brand", "youth", "social_media", 2, None, None, None, None,
     date(2013, 5, 1), 30, 25_000),
    (CAMPAIGN, "秋天多一份", "care", "members", "message", 1, "sales_growth", "0.15", "share", None,
     START, LASTS, 3_000),
    ("C14-1", "好久不见", "win_back", "lost", "message", 1, "win_back_rate", "0.1", "share",
     "COUPON", date(2014, 10, 1), 61, 9_000),
    ("C14-2", "企业下午茶", "programme", "corporate", "case_study", 3, "corporate_sales", "50000",
     "CNY", None, date(2014, 3, 1), 300, 15_000),
    ("C14-3", "芋圆配茶", "cross_sell", "members", "in_store", 1, "attach_rate", "0.15", "share",
     "POINTS", date(2014, 11, 1), 61, 6_000),
]  # fmt: skip
CONTROL_SHARES = {CAMPAIGN: CONTROL_SHARE, "C14-1": Decimal("0.1000")}


def entries(office: Office) -> dict[str, list[Version]]:
    """Versions of the rows by feed."""
    return {
        "ref_market": list(_market(office)),
        "ref_brand": list(_brand(office)),
        "ref_competitors": list(_competitors(office)),
        "ref_campaigns": list(_campaigns()),
        "ref_partners": list(_partners(office)),
        "ref_finance": list(_finance(office)),
        "ref_spend": list(_spend(office)),
        "ref_fx": list(_fx()),
    }


def _cny(amount: float) -> Decimal:
    return Decimal(round(amount * 100)).scaleb(-2)


def _share(value: float, digits: int = 4) -> Decimal:
    return Decimal(round(value * 10**digits)).scaleb(-digits)


def _market(office: Office):
    for month in months(last=date(2014, 11, 30)):
        published = (month + timedelta(days=40)).replace(day=10)
        cells = [(region, "all") for region in ["all", *office.regions]]
        for region, line in [*cells, *(("all", series) for series in SERIES)]:
            ours = office.sales_of(line if line != "all" else region, [month])
            if not ours:
                continue
            share = SHARE.get(line, 0.10)
            if line == SERIES[TEA]:
                share = FALLING_TEA.get(month, share)
            yield (
                published,
                _cell(month, "month", region, line, published)
                | {
                    "industry_sales": _cny(ours / share),
                    "our_sales": _cny(ours),
                    "average_share": _share(0.9 * share, 6),
                    "our_rank": 2 if share >= 0.1 else 3,
                    "rivals": 12,
                    "is_preferred": True,
                },
            )
    for year in YEARS[:-1]:
        published = date(year + 1, 3, 20)
        for number, region in enumerate(office.regions):
            yield (
                published,
                _cell(date(year, 1, 1), "year", region, "all", published)
                | {
                    "industry_growth": _share(0.05 + 0.01 * number),
                    "industry_margin": _share(0.11 - 0.01 * number),
                    "industry_churn": Decimal("0.4300"),
                    "industry_cac": _cny(60 + 2 * number),
                    "industry_clv": _cny(900),
                    "rivals": 8 + 3 * number,
                    "footfall": 2_400_000 - 180_000 * number,
                    "income_per_head": _cny(42_000 - 1_500 * number),
                    "is_target": number < 4,
                },
            )
        for city, (footfall, income) in CITIES.items():
            yield (
                published,
                _cell(date(year, 1, 1), "year", city, "all", published)
                | {"footfall": footfall, "income_per_head": _cny(income)},
            )
        # A second source for one cell: both are kept, the preferred one is marked.
        ours = office.sales_of("all", list(months(date(year, 1, 1), date(year, 12, 31))))
        for source, kind, factor in (
            (REPORT, "industry_report", 12.5),
            (STATISTICS, "government", 13.1),
        ):
            yield (
                published,
                _cell(date(year, 1, 1), "year", "all", "all", published)
                | {
                    "source_name": source,
                    "source_type": kind,
                    "industry_sales": _cny(ours * factor),
                    "our_sales": _cny(ours),
                    "is_preferred": source == STATISTICS,
                },
            )
    for topic, seen, note in (
        ("saturation", date(2012, 10, 8), "一线城市甜品店密度已高,二线仍有空间"),
        ("policy", date(2013, 7, 2), "食品经营许可改为一地一证"),
        ("technology", date(2014, 5, 6), "外卖平台进入主要商圈"),
        ("substitutes", date(2014, 12, 27), "便利店推出冷藏甜品杯"),
    ):
        yield (
            seen,
            _cell(seen.replace(month=1, day=1), "year", "all", "all", seen)
            | {
                "topic": topic,
                "source_name": "行业快讯",
                "source_type": "media",
                "note": note,
            },
        )


def _cell(period: date, kind: str, region: str, line: str, published: date) -> dict[str, object]:
    return {
        "period": period,
        "period_kind": kind,
        "region": region,
        "product_line": line,
        "topic": "figures",
        "source_name": REPORT,
        "source_type": "industry_report",
        "published_at": published,
    }


def _brand(office: Office):
    for number, quarter in enumerate(quarters()):
        for measure, value, unit in (
            ("search_volume", 1800 + 95 * number, "searches"),
            ("exposure", 52_000 + 2_600 * number, "views"),
            ("word_of_mouth", 240 + 15 * number, "mentions"),
            ("awareness", round(0.22 + 0.012 * number, 4), "share"),
            ("reputation", round(71 + 0.6 * number, 4), "points"),
            ("conversion", round(0.18 + 0.004 * number, 4), "share"),
            ("visits", round(office.sales_of("all", quarter) / 9), "visits"),
        ):
            yield (
                quarter[2] + timedelta(days=40),
                {
                    "period": quarter[0],
                    "period_kind": "quarter",
                    "region": "all",
                    "measure": measure,
                    "source_name": "百川品牌监测",
                    "value": Decimal(str(value)),
                    "unit": unit,
                },
            )


def _competitors(office: Office):
    region = office.calendar.stores[0].region
    facts = [
        ("finance", date(2012, 11, 5), "毛利约六成,租金占两成", None, None, 0),
        ("positioning", date(2012, 11, 5), "平价快甜品,主打外带", None, None, 0),
        ("pack_and_price", date(2013, 4, 9), "主力产品比我们低三元", 15, "CNY", 0),
        ("promotion", date(2013, 6, 10), "第二份半价", None, None, 14),
        ("promotion", date(2014, 7, 7), "满三十减十", None, None, 21),
        ("outlets", date(2014, 9, 1), "本区门店", 10, "outlets", 0),
        ("promoters", date(2014, 9, 1), "本区促销员", 12, "persons", 0),
        ("market_share", date(2014, 12, 26), "估计份额", "0.11", "share", 0),
    ]
    for number, (topic, seen, fact, value, unit, lasts) in enumerate(facts, start=1):
        yield (
            seen,
            {
                "fact_id": f"F{number:03d}",
                "competitor": RIVAL,
                "topic": topic,
                "region": region,
                "fact": fact,
                "value": None if value is None else Decimal(value),
                "unit": unit,
                "start_date": seen if lasts else None,
                "end_date": seen + timedelta(days=lasts) if lasts else None,
                "observed_date": seen,
                "source_name": "门店走访",
            },
        )


def _campaigns():
    for (id_, name, kind, audience, tactic, level, metric, target, unit, promo, start, lasts,
         budget) in CAMPAIGNS:  # fmt: skip
        row = {
            "campaign_id": id_,
            "name": name,
            "kind": kind,
            "audience": audience,
            "tactic": tactic,
            "relation_level": level,
            "goal": "更多顾客喜欢我们" if metric is None else None,
            "goal_metric": metric,
            "goal_target": None if target is None else Decimal(target),
            "goal_unit": unit,
            "channels": "store;app",
            "promo_code": promo,
            "product_codes": "P101;P403" if kind == "cross_sell" else None,
            "advertised_price": Decimal("32.0000") if kind == "cross_sell" else None,
            "is_personalised": kind in ("care", "win_back"),
            "control_share": CONTROL_SHARES.get(id_),
            "marketing_owner_id": "HQ-02",
            "sales_owner_id": "HQ-03",
            "operations_owner_id": "HQ-01",
            "service_owner_id": None if metric is None else "HQ-08",
            "start_date": start,
            "end_date": start + timedelta(days=lasts - 1),
            "budget": _cny(budget),
        }
        planned = max(FIRST_DAY, start - timedelta(days=45))
        yield planned, row | {"stage": "designed"}
        yield start, row | {"stage": "running"}
        if (closed := row["end_date"] + timedelta(days=30)) <= date(2014, 12, 31):
            yield closed, row | {"stage": "evaluated"}


def _partners(office: Office):
    for material, suppliers in SUPPLIERS.items():
        for partner, name, share, power, substitutes in suppliers:
            profile = {"partner_name": name, "partner_kind": "supplier", "joined_date": FIRST_DAY}
            yield _record(f"{partner}/profile", "profile", partner, FIRST_DAY, profile)
            for year in YEARS:
                day = date(year, 12, 20)
                bought = share * 0.1 * office.sales_of("all", list(months(date(year, 1, 1), day)))
                supply = {
                    "material": material,
                    "purchase_amount": _cny(bought),
                    "capacity_amount": _cny(2 * bought),
                    "substitutes": substitutes,
                    "bargaining_power": power,
                }
                yield _record(f"{partner}/{material}/{year}", "supply", partner, day, supply)
    store = office.calendar.stores[1].store_id
    for number, (due, late) in enumerate(
        ((date(2014, 12, 8), 2), (date(2014, 12, 15), 0), (date(2014, 12, 22), 1)), start=1
    ):
        came = due + timedelta(days=late)
        delivery = {
            "store_id": store,
            "due_date": due,
            "delivered_date": came,
            "quality_score": Decimal(95 - 5 * late),
        }
        yield _record(f"P-GRASS/delivery/{number}", "delivery", "P-GRASS", came, delivery)
    review = {
        "score_strategic": Decimal(78),
        "score_operational": Decimal(84),
        "score_relational": Decimal(70),
        "risk": "medium",
        "review_date": date(2014, 12, 1),
    }
    yield _record("P-PLATFORM/review/1", "review", "P-PLATFORM", date(2013, 12, 1), review)
    platform = {"partner_name": "淘点点", "partner_kind": "platform", "joined_date": FIRST_DAY}
    yield _record("P-PLATFORM/profile", "profile", "P-PLATFORM", FIRST_DAY, platform)
    dealer = {
        "partner_name": "江南食品行",
        "partner_kind": "dealer",
        "joined_date": FIRST_DAY,
        "partner_capital": _cny(100_000),
        "capital_in_our_goods": _cny(30_000),
        "profit_share": Decimal("0.250000"),
        "support_delivery": _cny(3_000),
        "support_funds": _cny(5_000),
        "support_staff": _cny(2_000),
    }
    yield _record("P-DEALER/profile", "profile", "P-DEALER", FIRST_DAY, dealer)
    # The dealer leaves; the direct team takes over one of his two outlets ten days later.
    left = dealer | {"left_date": date(2014, 12, 10)}
    yield _record("P-DEALER/profile", "profile", "P-DEALER", date(2014, 12, 10), left)
    for outlet, served_by, day in (
        ("OUT-1", "dealer", date(2013, 5, 6)),
        ("OUT-2", "dealer", date(2013, 8, 1)),
        ("OUT-1", "direct", date(2014, 12, 20)),
    ):
        outlet_row = {
            "outlet_id": outlet,
            "rep_id": "HQ-09",
            "served_by": served_by,
            "opened_at": day,
            "submitted_at": day,
        }
        yield _record(f"P-DEALER/{outlet}", "outlet", "P-DEALER", day, outlet_row)


def _record(record_id: str, record: str, partner: str, day: date, values: dict) -> Version:
    own = {
        "record_id": record_id,
        "record": record,
        "partner_id": partner,
        "reported_date": day,
    }
    return day, own | values


def _finance(office: Office):
    for quarter in quarters():
        closed = quarter[2] + timedelta(days=45)
        period = {"period": quarter[0], "period_kind": "quarter"}
        for store in office.calendar.stores:
            if not (sales := office.sales_of(store.store_id, quarter)):
                continue
            for account, share in BOOKS.items():
                yield (
                    closed,
                    period
                    | {
                        "store_id": store.store_id,
                        "account": account,
                        "item": "all",
                        "amount": _cny(share * sales),
                    },
                )
        for series in SERIES:
            yield (
                closed,
                period
                | {
                    "store_id": "all",
                    "account": "stock_quantity",
                    "item": series,
                    "amount": _cny(office.sales_of(series, quarter) // 400),
                    "unit": "portions",
                },
            )
        for account, share in (("receivables", 0.02), ("payables", 0.06)):
            yield (
                closed,
                period
                | {
                    "store_id": "all",
                    "account": account,
                    "item": "all",
                    "amount": _cny(share * office.sales_of("all", quarter)),
                },
            )


def _spend(office: Office):
    costs = [
        # purpose, resource, force, channel, value element, share of sales
        ("acquisition", "money", "pull", "social", "image", 0.012),
        ("acquisition", "people", "push", "store", "personal_relations", 0.008),
        ("acquisition", "money", "push", "delivery", "supply_reliability", 0.004),
        ("retention", "material", "pull", "app", "company_reliability", 0.006),
        ("brand", "money", "pull", "social", "image", 0.005),
        ("service", "people", "none", "phone", "quick_response", 0.010),
        ("research", "information", "none", None, "technical_information", 0.002),
    ]
    for quarter in quarters():
        sales = office.sales_of("all", quarter)
        label = f"{quarter[0].year}Q{quarter[0].month // 3 + 1}"
        for number, (purpose, resource, force, channel, element, share) in enumerate(costs):
            yield (
                quarter[2] + timedelta(days=40),
                {
                    "spend_id": f"{label}-{number + 1}",
                    "period": quarter[0],
                    "period_kind": "quarter",
                    "scenario": "actual",
                    "purpose": purpose,
                    "resource": resource,
                    "force": force,
                    "channel": channel,
                    "value_element": element,
                    "amount": _cny(share * sales),
                },
            )
    for id_, _, kind, *_, start, _, budget in CAMPAIGNS:
        purpose = {"win_back": "win_back", "care": "retention", "brand": "brand"}.get(kind)
        for scenario, entered, amount in (
            ("budget", max(FIRST_DAY, start - timedelta(days=45)), budget),
            ("actual", start + timedelta(days=20), 0.9 * budget),
        ):
            yield (
                entered,
                {
                    "spend_id": f"{id_}-{scenario}",
                    "period": start.replace(day=1),
                    "period_kind": "month",
                    "scenario": scenario,
                    "version": 1 if scenario == "budget" else None,
                    "purpose": purpose or "acquisition",
                    "resource": "money",
                    "force": "pull",
                    "campaign_id": id_,
                    "amount": _cny(amount),
                },
            )
    # The plan of the western entry: a budget, its re-forecast, and a reserve.
    for version, entered, scenario in (
        (1, date(2013, 10, 10), "budget"),
        (2, date(2014, 12, 26), "forecast"),
    ):
        for resource, amount in (
            ("people", 40_000), ("material", 30_000), ("money", 20_000), ("information", 5_000),
        ):  # fmt: skip
            yield (
                entered,
                _plan_spend(f"W-{resource}-v{version}", scenario, resource, version)
                | {
                    "amount": _cny(amount * (1 + 0.1 * (version - 1))),
                },
            )
        yield (
            entered,
            _plan_spend(f"W-reserve-v{version}", scenario, "money", version)
            | {
                "purpose": "reserve",
                "amount": _cny(10_000),
            },
        )
    yield (
        date(2014, 12, 29),
        _plan_spend("I-2014-1", "actual", "money", None)
        | {
            "purpose": "incentive",
            "plan_id": None,
            "stage": None,
            "staff_id": "HQ-03",
            "kpi": "retention_rate",
            "reason": "关键客户全年无流失",
            "amount": _cny(2_000),
        },
    )


def _plan_spend(spend_id: str, scenario: str, resource: str, version: int | None) -> dict:
    return {
        "spend_id": spend_id,
        "period": date(2014, 1, 1),
        "period_kind": "year",
        "scenario": scenario,
        "version": version,
        "purpose": "acquisition",
        "resource": resource,
        "force": "none",
        "plan_id": "PL-WEST",
        "stage": "entry",
        "product_series": SERIES[DOUHUA],
    }


def _fx():
    for number, month in enumerate(months()):
        for currency, rate in (("USD", 6.30), ("TWD", 0.21), ("AUD", 6.40), ("MYR", 2.02)):
            yield (
                month,
                {
                    "rate_date": month,
                    "currency": currency,
                    "to_currency": "CNY",
                    "rate": _share(rate * (1 - 0.001 * (number % 12)), 8),
                    "source_name": "中国外汇交易中心",
                },
            )

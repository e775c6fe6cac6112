"""What head office keeps in registers: staff, rules, plans, risks, targets."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from regulars.demo.catalogue import FIRST_DAY, SERIES, YEARS
from regulars.demo.complaints import HANDLERS
from regulars.demo.office import Office, Version
from regulars.demo.sales import STAFF_PER_STORE
from regulars.demo.surveys import IMPORTANCE, RIVAL, SATISFACTION

# id, role, team, day of leaving, role in the warehouse.
HEAD_OFFICE = [
    ("HQ-01", "leader", "management", None, "manager"),
    ("HQ-02", "leader", "marketing", None, "analyst"),
    ("HQ-03", "account_manager", "key_accounts", None, "region_1"),
    ("HQ-04", "account_manager", "key_accounts", None, "region_2"),
    ("HQ-05", "technical_support", "data", None, "analyst"),
    ("HQ-07", "controller", "finance", None, "analyst"),
    ("HQ-08", "leader", "service", None, "analyst"),
    ("HQ-09", "account_manager", "dealers", date(2014, 12, 30), None),
]
RULES = [
    ("AG-R1", "data", "顾客资料使用规则", date(2015, 6, 30)),
    ("AG-R2", "contracts", "合同审批规则", date(2014, 11, 30)),
    ("AG-R3", "purchasing", "采购规则", date(2015, 6, 30)),
]
TARGETS = [
    # id, statement, metric, unit, baseline, target, start, due, link, horizon, parent, region
    ("T-1", "2015年销售额增长三成", "net_sales", "share", "0", "0.3", date(2015, 1, 1),
     date(2015, 12, 31), "benefit", "short", None, None),
    ("T-1E", "华东贡献一半增长", "net_sales", "share", "0", "0.15", date(2015, 1, 1),
     date(2015, 12, 31), "benefit", "short", "T-1", "华东"),
    ("T-2", "两年内市场份额到百分之十", "market_share", "share", "0.08", "0.1", date(2014, 7, 1),
     date(2016, 6, 30), "benefit", "mid", None, None),
    ("T-3", "四年内年流失率低于百分之五", "churn_rate", "share", "0.3", "0.05",
     date(2014, 7, 1), date(2018, 6, 30), "service", "long", None, None),
    ("T-4", "尽快多卖一点", None, None, None, None, None, None, None, None, None, None),
    ("T-5", "2014年投诉按时解决率不低于九成", "complaints_in_time", "share", "0.85", "0.9",
     date(2014, 1, 1), date(2014, 12, 31), "service", "short", None, None),
]  # fmt: skip
# Values from which a KPI is graded A, B and C by the standard of its target.
GRADES = {"T-5": (Decimal("0.95"), Decimal("0.90"), Decimal("0.80"))}
RISKS = [
    # id, name, dimension, legal type, likelihood, impact, evidence, response, why
    ("R-1", "经济放缓,顾客少花钱", "macro", None, 3, 3, "国家统计局季度公报", "accept", "影响有限"),
    ("R-2", "外卖平台补贴对手", "industry", None, 4, 3, "行业快讯 2014-05", "mitigate", None),
    ("R-3", "对手在本区开店", "competition", None, 4, 4, "门店走访 2014-09", "mitigate", None),
    ("R-4", "老顾客转向便利店", "customer_behaviour", None, 3, 4, "顾客访谈", "mitigate", None),
    ("R-5", "顾客资料外泄", "legal", "data_privacy", 2, 5, "安全检查 2014-06", "avoid", None),
    ("R-6", "商标被仿冒", "legal", "intellectual_property", 3, 3, "律师函", "transfer", "保险"),
]
NEEDS = [
    ("N-1", "哪些顾客升降等级", "customers", "figure", 1, "pos_sales", "rpt_abc_movement"),
    ("N-2", "投诉是否按时处理", "customers", "list", 1, "complaints", "mart_complaint_sla"),
    ("N-3", "对手的动向", "rivals", "text", 31, "ref_competitors", "rpt_intelligence"),
    ("N-4", "伙伴是否可靠", "partners", "figure", 31, "ref_partners", None),
    ("N-5", "每日销售", "own", "figure", 1, "pos_sales", "fct_sales"),
]
POLICIES = [
    ("stage4", "exploration", "欢迎礼与试吃", 1, "store", "sales"),
    ("stage4", "formation", "推荐第二个系列", 1, "store", "sales"),
    ("stage4", "formation", "邀请答题", 2, "app", "marketing"),
    ("stage4", "stability", "专属服务", 1, "phone", "service"),
    ("stage4", "decline", "致电了解原因", 1, "phone", "service"),
    ("stage5", "potential", "发送试吃券", 1, "app", "marketing"),
    ("stage5", "intention", "解答疑问", 1, "phone", "sales"),
    ("stage5", "purchase", "首购回访", 1, "phone", "service"),
    ("stage5", "active", "会员活动", 1, "app", "marketing"),
    ("stage5", "lost", "赢回优惠", 1, "phone", "marketing"),
]
STAGES = {
    ("potential", False): ("first_contact", "potential", "acquire"),
    ("intention", False): ("first_contact", "potential", "acquire"),
    ("purchase", False): ("first_purchase", "new", "acquire"),
    ("active", False): ("active", "active", "develop"),
    ("active", True): ("re_marketing", "active", "retain"),
    ("purchase", True): ("re_marketing", "active", "retain"),
    ("lost", False): ("lost", "lost", "lost"),
    ("lost", True): ("lost", "lost", "lost"),
}
COMPLAINT_CLASSES = [
    ("quality", "product", "product"),
    ("quality", "service", "service"),
    ("price", "any", "product"),
    ("after_sales", "any", "service"),
    ("logistics", "any", "service"),
    ("attitude", "any", "communication"),
]
CHANNELS = [
    ("dine_in", "堂食", "offline", "store"),
    ("takeaway", "外带", "offline", "store"),
    ("delivery", "外卖", "online", "platform"),
    ("store", "门店", "offline", "store"),
    ("online", "网站", "online", "website"),
    ("app", "会员应用", "online", "e_commerce"),
    ("social", "社交媒体", "online", "social"),
    ("phone", "电话", "other", "phone"),
    ("mail", "信函", "other", "direct_mail"),
]
# id, name, weak dimension of the survey on which nobody acted, opened, closed, cause, real
WARNINGS = [
    ("R-7", "整体满意度偏低而无改进", "overall", date(2014, 5, 12), date(2014, 5, 31),
     "改进措施未登记", True),
    ("R-8", "沟通满意度偏低而无改进", "communication", date(2014, 10, 20), date(2014, 12, 30),
     "门店早已改进,只是没有登记", False),
]  # fmt: skip
SWOT = [
    ("strength", "仙芋系列态度与复购双高", "忠诚度矩阵"),
    ("weakness", "多数门店没有豆花设备", "门店清单"),
    ("opportunity", "外卖逐年增长", "销售渠道占比"),
    ("threat", "对手在本区开店", "门店走访"),
]
PESTEL = [
    ("political", "一地一证", "食品经营许可新规", 3),
    ("economic", "人均收入增长放缓", "国家统计局", 3),
    ("social", "年轻人重视少糖", "顾客访谈", 4),
    ("technological", "外卖平台普及", "行业快讯", 4),
    ("environmental", "餐盒限塑", "地方通知", 2),
    ("legal", "个人信息保护", "全国人大决定", 5),
]


def entries(office: Office) -> dict[str, list[Version]]:
    """Versions of the rows by feed."""
    return {
        "ref_staff": list(_staff(office)),
        "ref_training": list(_training(office)),
        "ref_agreements": list(_agreements()),
        "ref_access_policy": list(_access_policy(office)),
        "ref_channels": list(_channels()),
        "ref_complaint_map": list(_complaint_map()),
        "ref_lifecycle_map": list(_lifecycle_map()),
        "ref_stage_policy": list(_stage_policy()),
        "ref_positioning": list(_positioning()),
        "ref_targets": list(_targets()),
        "ref_plans": list(_plans(office)),
        "ref_improvements": list(_improvements(office)),
        "ref_information_needs": list(_information_needs()),
        "ref_questionnaire": list(_questionnaire()),
        "ref_retention": list(_retention()),
        "ref_risks": list(_risks()),
        "ref_risk_plans": list(_risk_plans()),
        "ref_crisis_plans": list(_crisis_plans(office)),
        "ref_swot": list(_swot()),
        "ref_pestel": list(_pestel()),
    }


def _staff(office: Office):
    for id_, role, team, left, access in HEAD_OFFICE:
        row = _person(id_, role, team, FIRST_DAY) | {
            "key_account_owner": role == "account_manager",
            "system_role": access,
        }
        yield FIRST_DAY, row
        if left:
            yield left, row | {"left_date": left, "key_account_owner": False}
    for number in range(1, HANDLERS + 1):
        row = _person(f"H{number:02d}", "service_representative", "complaint_desk", FIRST_DAY)
        yield FIRST_DAY, row
    for store in office.calendar.stores:
        begin = max(FIRST_DAY, store.opened_at)
        # The last one works in the kitchen and is replaced every year.
        for number in range(1, STAFF_PER_STORE + 1):
            role = "leader" if number == 1 else "service_representative"
            row = _person(f"{store.store_id}-{number:02d}", role, "store", begin)
            row |= {"store_id": store.store_id, "region": store.region}
            yield begin, row
            if store.closed_at:
                yield store.closed_at, row | {"left_date": store.closed_at}
        for year in YEARS:
            joined = max(begin, date(year, 1, 1))
            left = date(year, 9, 1) + timedelta(days=int(office.rng.integers(0, 110)))
            if joined.year != year or (store.closed_at and left > store.closed_at):
                continue
            row = _person(f"{store.store_id}-K{year}", "kitchen_hand", "store", joined)
            row |= {"store_id": store.store_id, "region": store.region}
            yield joined, row
            if left > joined:
                yield left, row | {"left_date": left}
    for year, customers in office.best_customers.items():
        entered = min(date(year + 1, 1, 15), date(2014, 12, 26))
        for number, customer in enumerate(customers):
            account = {
                "record_id": f"KA-{year}-{number + 1}",
                "record": "account",
                "staff_id": ("HQ-03", "HQ-04")[number % 2],
                "team": "key_accounts",
                "customer_id": customer,
                "from_date": entered,
            }
            yield entered, account
            if year == YEARS[0] and number == 0:
                # Reassigned: the old assignment ends, a new one begins.
                handover = date(2014, 12, 27)
                yield handover, account | {"to_date": handover - timedelta(days=1)}
                again = {"record_id": f"KA-{year}-1B", "staff_id": "HQ-04", "from_date": handover}
                yield handover, account | again


def _person(staff_id: str, role: str, team: str, joined: date) -> dict[str, object]:
    return {
        "record_id": staff_id,
        "record": "person",
        "staff_id": staff_id,
        "role": role,
        "team": team,
        "joined_date": joined,
    }


def _training(office: Office):
    leaders = [f"{s.store_id}-01" for s in office.calendar.stores if s.opened_at <= FIRST_DAY]
    handlers = [f"H{number:02d}" for number in range(1, HANDLERS + 1)]
    # HQ-07 missed the last two years of security training; HQ-05 never trained for a crisis.
    courses = [
        ("TR-SEC", "信息安全", "basic", "online", "security", 2, 3, 5, [s[0] for s in HEAD_OFFICE]),
        ("TR-SRV", "服务礼仪", "practical", "internal", "service", 6, 4, 20, leaders),
        ("TR-CMP", "投诉处理", "special", "external", "complaints", 8, 5, 12, handlers),
        ("TR-CRI", "危机应对", "special", "internal", "crisis", 4, 9, 10, ["HQ-01", "HQ-08"]),
        (
            "TR-SYS",
            "数据仓库使用",
            "practical",
            "internal",
            "system",
            3,
            12,
            27,
            ["HQ-02", "HQ-05"],
        ),
    ]
    for year in YEARS:
        for course, title, kind, mode, topic, hours, month, day, trainees in courses:
            held = date(year, month, day)
            for staff_id in trainees:
                if staff_id == "HQ-07" and year > YEARS[0]:
                    continue
                score = int(office.rng.integers(55, 101))
                yield (
                    held + timedelta(days=3),
                    {
                        "course_id": course,
                        "staff_id": staff_id,
                        "held_date": held,
                        "title": title,
                        "kind": kind,
                        "mode": mode,
                        "topic": topic,
                        "hours": Decimal(hours),
                        "result_date": held + timedelta(days=2),
                        "score": Decimal(score),
                        "passed": score >= 60,
                        "kpi": "on_time_share" if topic == "complaints" else None,
                        "kpi_before": Decimal("0.8000") if topic == "complaints" else None,
                        "kpi_after": Decimal("0.8800") if topic == "complaints" else None,
                    },
                )


def _agreements():
    def row(id_, kind, party_kind, party, signed, **values):
        own = {
            "agreement_id": id_,
            "kind": kind,
            "party_kind": party_kind,
            "party_id": party,
            "signed_date": signed,
            "valid_from": signed,
            "owner_id": "HQ-01",
        }
        return signed, own | values

    # HQ-05 reads customer data and never signed.
    for number, (staff_id, _, _, left, access) in enumerate(HEAD_OFFICE, start=1):
        if access is None or staff_id == "HQ-05":
            continue
        yield row(
            f"AG-N{number}",
            "confidentiality",
            "staff",
            staff_id,
            FIRST_DAY,
            title="保密协议",
            valid_to=left,
            obligation_to=left,
        )
    yield row(
        "AG-S1",
        "purchasing",
        "supplier",
        "P-TARO-A",
        date(2012, 1, 5),
        title="芋头供货",
        valid_to=date(2014, 12, 31),
        clauses="price;quality;delivery;termination",
    )
    yield row(
        "AG-S2",
        "purchasing",
        "supplier",
        "P-GRASS",
        date(2012, 1, 5),
        title="仙草供货",
        valid_to=date(2015, 12, 31),
        clauses="price;delivery",
    )
    yield row(
        "AG-P1",
        "data_sharing",
        "partner",
        "P-PLATFORM",
        date(2012, 2, 1),
        title="外卖合作",
        valid_to=date(2014, 6, 30),
        clauses="purpose;security;deletion",
    )
    yield row(
        "AG-C1",
        "sales",
        "corporate_customer",
        "P-CORP",
        date(2014, 3, 1),
        title="企业下午茶",
        valid_to=date(2014, 11, 30),
    )
    for id_, department, title, review in RULES:
        yield row(
            id_,
            "house_rule",
            "house",
            department,
            date(2013, 7, 1),
            title=title,
            review_date=review,
        )


def _access_policy(office: Office):
    for role, objects in (
        ("analyst", ["fct_sales", "fct_complaint", "mart_customer_tier", "rpt_abc_movement"]),
        ("manager", ["rpt_abc_movement", "rpt_tier_gap", "mart_nps"]),
    ):
        for name in objects:
            yield FIRST_DAY, _grant(role, name)
    for region in office.regions:
        role, rows = f"region_{office.regions.index(region) + 1}", {"rows": f"region={region}"}
        yield date(2013, 3, 1), _grant(role, "fct_sales") | rows
        # Names and numbers of whom to call are granted by name, and to no other role.
        named = {"columns": "name;phone;customer_id;contact_window;reasons"}
        yield date(2013, 3, 1), _grant(role, "rpt_call_list") | rows | named
    narrowed = {"columns": "customer_id;year;tier", "from_date": date(2014, 12, 28)}
    yield date(2014, 12, 28), _grant("manager", "mart_customer_tier") | narrowed


def _grant(role: str, name: str) -> dict[str, object]:
    return {
        "role": role,
        "object": name,
        "columns": "*",
        "granted_by": "HQ-01",
        "from_date": FIRST_DAY,
    }


def _channels():
    for channel, name, class_, kind in CHANNELS:
        row = {"channel": channel, "name": name, "channel_class": class_, "kind": kind}
        yield FIRST_DAY, row | {"is_new": False, "owner_id": "HQ-02", "from_date": FIRST_DAY}
    begin = date(2014, 12, 29)
    yield (
        begin,
        {
            "channel": "live",
            "name": "直播",
            "channel_class": "online",
            "kind": "live_stream",
            "is_new": True,
            "reach": 20_000,
            "owner_id": "HQ-02",
            "from_date": begin,
        },
    )


def _complaint_map():
    for type_, about, class3 in COMPLAINT_CLASSES:
        yield FIRST_DAY, {"type": type_, "about": about, "class3": class3, "reason": "客服手册"}


def _lifecycle_map():
    for (stage5, reactivated), (stage_5_1, stage_6_3, stage_7_4) in STAGES.items():
        yield (
            FIRST_DAY,
            {
                "stage5": stage5,
                "reactivated": reactivated,
                "stage_5_1": stage_5_1,
                "stage_6_3": stage_6_3,
                "stage_7_4": stage_7_4,
            },
        )


def _stage_policy():
    for lifecycle, stage, action, priority, channel, owner in POLICIES:
        yield (
            FIRST_DAY,
            {
                "lifecycle": lifecycle,
                "stage": stage,
                "action": action,
                "priority": priority,
                "channel": channel,
                "owner": owner,
            },
        )


def _positioning():
    for segment, review in (
        ("youth", date(2015, 6, 30)),
        ("families", date(2014, 12, 1)),
        ("corporate", date(2015, 3, 31)),
    ):
        yield (
            date(2013, 1, 10),
            {
                "segment": segment,
                "valid_from": date(2013, 1, 10),
                "is_target": True,
                "product": "手工现做",
                "price": "中等略高",
                "channel": "门店为主",
                "service": "快而亲切",
                "communication": "讲手艺,不打折",
                "rivals": RIVAL,
                "review_date": review,
                "owner_id": "HQ-02",
            },
        )


def _targets():
    for (id_, statement, metric, unit, baseline, target, start, due, link, horizon, parent,
         region) in TARGETS:  # fmt: skip
        # What ends this year was written down on its first day, the rest when 2015 was planned.
        ends_with_the_year = due == date(2014, 12, 31)
        best, good, fair = GRADES.get(id_, (None, None, None))
        yield (
            start if ends_with_the_year else date(2014, 12, 10),
            {
                "target_id": id_,
                "statement": statement,
                "metric": metric,
                "unit": unit,
                "baseline": baseline and Decimal(baseline),
                "target": target and Decimal(target),
                "start": start,
                "due": due,
                "owner_id": None if metric is None else "HQ-01",
                "strategy_link": link,
                "horizon": horizon,
                "parent_id": parent,
                "region": region,
                "standard_version": 1,
                "grade_a_from": best,
                "grade_b_from": good,
                "grade_c_from": fair,
            },
        )


def _plans(office: Office):
    plan = {
        "plan_id": "PL-WEST",
        "kind": "expansion",
        "title": "西南拓展",
        "owner_id": "HQ-01",
        "region": "西南",
        "entry_mode": "direct",
        "promotion": "开业试吃",
        "sales_network": "直营店",
        "channel": "dine_in",
        "resources": "店长、设备、资金、商圈资料",
        "risk_measure": "先租后扩,留一成准备金",
        "start_date": date(2013, 10, 10),
    }
    for number, (milestone, stage, due, done) in enumerate(
        (
            ("选址", "preparation", date(2013, 12, 31), date(2013, 12, 20)),
            ("装设豆花设备", "entry", date(2014, 3, 1), date(2014, 3, 1)),
            ("第二家店签约", "growth", date(2014, 12, 30), None),
        ),
        start=1,
    ):
        row = plan | {
            "milestone_no": number,
            "milestone": milestone,
            "stage": stage,
            "due_date": due,
        }
        yield date(2013, 10, 10), row
        if done:
            yield done, row | {"done_date": done}
    for plan_id, kind, title, milestone, start, due, done in (
        ("PL-CRM", "system", "顾客数据仓库", "上线", date(2013, 5, 1), date(2013, 12, 31),
         date(2013, 12, 15)),
        ("PL-CARE", "programme", "关键客户专人服务", "开始", date(2013, 1, 10), date(2013, 2, 1),
         date(2013, 2, 1)),
        ("PL-O2O", "channel", "外卖平台接入", "开通", date(2012, 1, 10), date(2012, 2, 1),
         date(2012, 2, 1)),
        # The first that has the same days of the year before to be held against.
        ("PL-O2O-2", "channel", "第二家外卖平台接入", "开通", date(2013, 11, 1), date(2013, 12, 20),
         date(2013, 12, 16)),
    ):  # fmt: skip
        yield (
            done,
            {
                "plan_id": plan_id,
                "milestone_no": 1,
                "kind": kind,
                "title": title,
                "milestone": milestone,
                "owner_id": "HQ-02",
                "start_date": start,
                "due_date": due,
                "done_date": done,
            },
        )
    yield (
        date(2014, 12, 28),
        {
            "plan_id": "PL-R1",
            "milestone_no": 1,
            "kind": "research",
            "title": "少糖芋圆",
            "milestone": "结论",
            "owner_id": "HQ-02",
            "start_date": date(2014, 10, 8),
            "due_date": date(2014, 12, 20),
            "done_date": date(2014, 12, 18),
            "question": "少糖会不会多卖?",
            "method": "两店对比四周",
            "result": "销量持平,好评增加",
            "decision": "2015年春上市",
        },
    )
    for number, customer in enumerate(office.best_customers[YEARS[1]], start=1):
        yield (
            date(2014, 1, 20),
            {
                "plan_id": f"PL-K{number}",
                "milestone_no": 1,
                "kind": "customer",
                "title": "关键客户计划",
                "milestone": "每月联系一次",
                "owner_id": ("HQ-03", "HQ-04")[number % 2],
                "customer_id": customer,
                "start_date": date(2014, 1, 20),
                "due_date": date(2014, 12, 31),
                "question": "公司聚会用的大份甜品",
            },
        )

    # Made together with two of them: the second ended too late for an effect to be known.
    for number, (customer, title, start, done) in enumerate(
        zip(
            office.best_customers[YEARS[1]],
            ("共创企业下午茶套餐", "共创节日礼盒"),
            (date(2013, 6, 3), date(2014, 8, 11)),
            (date(2013, 12, 20), date(2014, 12, 12)),
            strict=False,
        ),
        start=1,
    ):
        yield (
            done,
            {
                "plan_id": f"PL-J{number}",
                "milestone_no": 1,
                "kind": "joint_project",
                "title": title,
                "milestone": "上市",
                "owner_id": ("HQ-03", "HQ-04")[number % 2],
                "customer_id": customer,
                "start_date": start,
                "due_date": done,
                "done_date": done,
            },
        )


def _improvements(office: Office):
    row = {
        "improvement_id": "IM-1",
        "title": "高峰加派收银",
        "source_kind": "survey",
        "dimension": "service",
        "owner_id": "HQ-08",
        "due_date": date(2013, 6, 30),
        "plan_date": date(2013, 1, 20),
        "metric": "csat_mean_100",
        "unit": "points",
        "metric_before": Decimal("71.3"),
    }
    yield date(2013, 1, 20), row
    row = row | {"do_date": date(2013, 3, 1)}
    yield date(2013, 3, 1), row
    row = row | {"check_date": date(2013, 12, 20), "metric_after": Decimal("74.3")}
    yield date(2013, 12, 20), row
    yield date(2014, 1, 10), row | {"act_date": date(2014, 1, 10)}
    behind = [
        case.complaint_id
        for case in office.desk.cases
        if case.fixed["type"] == "quality" and case.received_at < datetime(2014, 2, 1)
    ]
    stuck = {
        "improvement_id": "IM-2",
        "title": "芋圆煮制时间标准化",
        "source_kind": "complaint",
        "source_ids": ";".join(behind[:3]) or None,
        "dimension": "product",
        "product_series": SERIES[0],
        "owner_id": "HQ-01",
        "due_date": date(2014, 6, 30),
        "plan_date": date(2014, 2, 1),
    }
    yield date(2014, 2, 1), stuck
    yield date(2014, 3, 15), stuck | {"do_date": date(2014, 3, 15)}
    yield (
        date(2014, 12, 30),
        {
            "improvement_id": "IM-3",
            "title": "积分说明印在小票上",
            "source_kind": "feedback",
            "source_ids": "SU-1402",
            "dimension": "communication",
            "owner_id": "HQ-02",
            "due_date": date(2015, 1, 31),
            "plan_date": date(2014, 12, 30),
        },
    )
    yield (
        date(2014, 6, 12),
        {
            "improvement_id": "IM-4",
            "title": "补上离职账号停用",
            "source_kind": "audit",
            "source_ids": "安全检查 2014-06",
            "owner_id": "HQ-05",
            "due_date": date(2014, 7, 31),
            "plan_date": date(2014, 6, 12),
        },
    )


def _information_needs():
    for id_, need, field, kind, days, feeds, reports in NEEDS:
        yield (
            date(2012, 1, 20),
            {
                "need_id": id_,
                "need": need,
                "field": field,
                "kind": kind,
                "precision": "到元" if kind == "figure" else None,
                "timeliness_days": days,
                "feeds": feeds,
                "reports": reports,
                "owner_id": "HQ-01",
                "agreed_date": date(2012, 1, 20),
            },
        )


def _questionnaire():
    for year in YEARS:
        for wave, opened in (("A", date(year, 4, 1)), ("B", date(year, 11, 10))):
            for number, question in enumerate(_questions(), start=1):
                yield opened, {"wave_id": f"W{year}{wave}", "position": number} | question


def _questions():
    yield {"question_code": "NOTICE", "kind": "notice", "text": "答卷保密,可不留姓名。"}
    for dimension in SATISFACTION:
        yield {
            "question_code": f"Q_{dimension.upper()}",
            "kind": "scale",
            "text": f"您对{dimension}满意吗?",
            "dimension": dimension,
            "attitude_part": "affective" if dimension == "overall" else "cognitive",
            "options": "1;2;3;4;5",
        }
    yield {
        "question_code": "Q_RECOMMEND",
        "kind": "scale",
        "text": "您会推荐我们吗?",
        "dimension": "recommend",
        "options": ";".join(map(str, range(11))),
    }
    for number, series in enumerate(SERIES, start=1):
        yield {
            "question_code": f"Q_ATTITUDE_{number}",
            "kind": "scale",
            "text": f"您喜欢{series}吗?",
            "dimension": "attitude",
            "attitude_part": "affective",
            "options": "1;2;3;4;5",
        }
    yield {
        "question_code": "Q_RIVAL_OVERALL",
        "kind": "scale",
        "text": f"您对{RIVAL}满意吗?",
        "dimension": "overall",
        "options": "1;2;3;4;5",
    }
    yield {"question_code": "Q_COMMENT", "kind": "open", "text": "还想对我们说什么?"}
    for number, element in enumerate(IMPORTANCE, start=1):
        yield {
            "question_code": f"Q_IMPORTANCE_{number:02d}",
            "kind": "scale",
            "text": f"{element}对您有多重要?",
            "dimension": "importance",
            "value_element": element,
            "options": "1;2;3;4;5",
        }


def _retention():
    for group, months, basis in (
        ("verbatim", 60, "公司规定:原话存档五年"),
        ("members", 36, "公司规定"),
        ("sales", 120, "会计档案管理办法"),
    ):
        row = {
            "data_group": group,
            "valid_from": FIRST_DAY,
            "keep_months": months,
            "basis": basis,
        }
        yield FIRST_DAY, row
        if group == "members":
            approval = {"purge_until": date(2014, 12, 1), "approved_date": date(2014, 12, 29)}
            yield date(2014, 12, 29), row | approval | {"approved_by": "HQ-01"}


def _risks():
    for id_, name, dimension, legal, likelihood, impact, evidence, response, why in RISKS:
        row = {
            "risk_id": id_,
            "name": name,
            "dimension": dimension,
            "legal_type": legal,
            "likelihood": likelihood,
            "impact": impact,
            "evidence": evidence,
            "response": response,
            "response_reason": why,
            "owner_id": "HQ-01",
            "opened_date": date(2014, 7, 1),
        }
        if legal == "data_privacy":
            row |= {"action": "停用离职账号", "action_due_date": date(2014, 12, 15)}
        yield date(2014, 7, 1), row
        if id_ == "R-6":
            closed = {"closed_date": date(2014, 12, 30), "cause": "网店已下架"}
            yield date(2014, 12, 30), row | closed | {"was_confirmed": True}
    # Lines that a warning raised; on closing they say whether it was real.
    for id_, name, weak, opened, closed_on, cause, real in WARNINGS:
        row = {
            "risk_id": id_,
            "name": name,
            "dimension": "customer_behaviour",
            "likelihood": 3,
            "impact": 2,
            "evidence": "满意度调查",
            "response": "mitigate",
            "owner_id": "HQ-08",
            "opened_date": opened,
            "alert_code": "CSAT_NO_ACTION",
            "entity_id": weak,
        }
        yield opened, row
        closed = {"closed_date": closed_on, "cause": cause, "was_confirmed": real}
        yield closed_on, row | closed


def _risk_plans():
    for plan_id, risk_id, drilled, communication in (
        ("RP-1", "R-3", date(2014, 9, 20), "店长群"),
        ("RP-2", "R-5", date(2013, 5, 20), None),
    ):
        yield (
            drilled,
            {
                "plan_id": plan_id,
                "risk_id": risk_id,
                "identification": "每月走访",
                "steps": "核实、评估、应对",
                "duties": "市场部牵头",
                "resources": "预留一万元",
                "communication": communication,
                "owner_id": "HQ-02",
                "valid_from": date(2013, 1, 1),
                "drilled_date": drilled,
            },
        )


def _crisis_plans(office: Office):
    yield (
        date(2013, 2, 1),
        {
            "record_id": "CP-1",
            "record": "plan",
            "crisis_type": "food_safety",
            "title": "食品安全预案",
            "team_ids": "HQ-01;HQ-05;HQ-08",
            "outside_partners": "食药监局;行业协会",
            "owner_id": "HQ-01",
            "valid_from": date(2013, 2, 1),
            "review_date": date(2015, 2, 1),
        },
    )
    seen = office.some_days(1, date(2014, 8, 4), date(2014, 8, 20))[0]
    crisis = {
        "record_id": "CR-1",
        "record": "crisis",
        "crisis_type": "food_safety",
        "title": "微博传出豆花异味",
        "owner_id": "HQ-01",
        "detected_at": datetime.combine(seen, time(10)),
        "plan_started_at": datetime.combine(seen, time(11, 30)),
        "statement_at": datetime.combine(seen, time(13)),
    }
    yield seen, crisis
    ended, reviewed = seen + timedelta(days=4), seen + timedelta(days=12)
    crisis = crisis | {"closed_at": datetime.combine(ended, time(17))}
    yield ended, crisis
    yield reviewed, crisis | {"reviewed_date": reviewed, "lessons": "先说事实,再说措施"}
    # No plan was made for this kind, and it is still open.
    yield (
        date(2014, 12, 29),
        {
            "record_id": "CR-2",
            "record": "crisis",
            "crisis_type": "data_leak",
            "title": "会员短信被误发",
            "owner_id": "HQ-01",
            "detected_at": datetime(2014, 12, 29, 9),
        },
    )


def _swot():
    for quadrant, finding, evidence in SWOT:
        yield (
            date(2014, 10, 15),
            {
                "review_id": "SWOT-2014",
                "quadrant": quadrant,
                "item_no": 1,
                "reviewed_date": date(2014, 10, 15),
                "finding": finding,
                "evidence": evidence,
                "owner_id": "HQ-02",
            },
        )


def _pestel():
    for factor, finding, evidence, impact in PESTEL:
        yield (
            date(2014, 10, 15),
            {
                "review_id": "PESTEL-2014",
                "factor": factor,
                "item_no": 1,
                "reviewed_date": date(2014, 10, 15),
                "finding": finding,
                "evidence": evidence,
                "impact": impact,
                "owner_id": "HQ-02",
            },
        )

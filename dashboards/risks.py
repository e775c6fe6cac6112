"""What may go wrong: the register, warnings and what became of them, plans, the outlook."""

import altair as alt

from regulars.dashboards.page import BLUE, INK, ORANGE, Block, Column, Page, rows


def months(words):
    """Warnings that opened in a month as bars, those open at its end as a line."""
    base = alt.Chart(rows(), width="container", height=250).encode(
        x=alt.X("yearmonth(month_start):T", title=None, axis=alt.Axis(format="%Y-%m", labelAngle=0))
    )
    bars = base.mark_bar(color="#cbd5de").encode(
        y=alt.Y("alerts_opened:Q", title=words("risks.months.axis"))
    )
    line = base.mark_line(color=BLUE).encode(
        y="alerts_open_at_end:Q",
        tooltip=[
            alt.Tooltip("month_start:T", title=words.column("month_start"), format="%Y-%m"),
            alt.Tooltip("alerts_opened:Q", title=words.column("alerts_opened"), format=","),
            alt.Tooltip("alerts_closed:Q", title=words.column("alerts_closed"), format=","),
            alt.Tooltip(
                "alerts_open_at_end:Q", title=words.column("alerts_open_at_end"), format=","
            ),
        ],
    )
    return bars + line


def outlook(words):
    """Nine of ten draws of each scenario as a bar, the median as a stroke."""
    base = alt.Chart(rows(), width="container", height=alt.Step(44)).encode(
        y=alt.Y("scenario:N", title=None, sort=None, axis=alt.Axis(labelLimit=150))
    )
    bars = base.mark_bar(color=ORANGE, height=16).encode(
        x=alt.X(
            "revenue_p5:Q",
            title=words("risks.outlook.axis"),
            scale=alt.Scale(zero=False),
            axis=alt.Axis(format="~s", tickCount=5),
        ),
        x2="revenue_p95:Q",
    )
    median = base.mark_tick(color=INK, thickness=2.5, height=26).encode(x="revenue_p50:Q")
    return bars + median


PAGE = Page(
    "risks",
    group="control",
    order=15,
    blocks=(
        Block(
            "risks.months",
            "rpt_risk_monthly",
            """
            select month_start, alerts_opened, critical_alerts_opened, alerts_closed,
                alerts_open_at_end, risks_open, highest_risk_score
            from rpt_risk_monthly order by month_start
            """,
            (
                Column("month_start", "month"),
                Column("alerts_opened", "count"),
                Column("critical_alerts_opened", "count"),
                Column("alerts_closed", "count"),
                Column("alerts_open_at_end", "count"),
                Column("risks_open", "count"),
                Column("highest_risk_score", "count"),
            ),
            months,
            is_wide=True,
        ),
        Block(
            "risks.register",
            "mart_risk_register",
            """
            select risk_name, dimension, likelihood, impact, risk_score, response,
                action_due_date, action_days_late, closed_date
            from mart_risk_register
            order by is_open desc, risk_score desc nulls last, risk_id limit 20
            """,
            (
                Column("risk_name"),
                Column("dimension", group="risk"),
                Column("likelihood", "count"),
                Column("impact", "count"),
                Column("risk_score", "count"),
                Column("response", group="response"),
                Column("action_due_date", "date", absent="frame.not_set"),
                Column("action_days_late", "count", absent="frame.not_late"),
                Column("closed_date", "date", absent="frame.still_open"),
            ),
            is_wide=True,
        ),
        Block(
            "risks.review",
            "rpt_alert_review",
            """
            select alert_code, closed_alerts, judged_alerts, confirmed_alerts, alert_precision,
                closed_without_cause, status
            from rpt_alert_review order by judged_alerts desc, closed_alerts desc, alert_code
            """,
            (
                Column("alert_code", group="alert"),
                Column("closed_alerts", "count"),
                Column("judged_alerts", "count"),
                Column("confirmed_alerts", "count"),
                Column("alert_precision", "share"),
                Column("closed_without_cause", "count"),
                Column("status", group="status"),
            ),
            is_wide=True,
        ),
        Block(
            "risks.outlook",
            "rpt_revenue_outlook",
            """
            select scenario, revenue_p5, revenue_p50, revenue_p95, status
            from rpt_revenue_outlook order by revenue_p50 desc nulls last, scenario
            """,
            (
                Column("scenario", group="scenario"),
                Column("revenue_p5", "money"),
                Column("revenue_p50", "money"),
                Column("revenue_p95", "money"),
                Column("status", group="status"),
            ),
            outlook,
        ),
        Block(
            "risks.demand",
            "rpt_demand_shift",
            """
            select dimension, member, net_sales, change, trend, reallocation_candidates
            from rpt_demand_shift
            order by dimension, change nulls last, member
            """,
            (
                Column("dimension", group="demand"),
                Column("member"),
                Column("net_sales", "money"),
                Column("change", "share"),
                Column("trend", group="trend"),
                Column("reallocation_candidates"),
            ),
        ),
        Block(
            "risks.supply",
            "rpt_supplier_dependency",
            """
            select material, partner_name, dependency, suppliers, substitutes, bargaining_power
            from rpt_supplier_dependency
            where
                calendar_year = (select max(calendar_year) from rpt_supplier_dependency)
            order by dependency desc nulls last, material, partner_id limit 12
            """,
            (
                Column("material"),
                Column("partner_name"),
                Column("dependency", "share"),
                Column("suppliers", "count"),
                Column("substitutes", "count"),
                Column("bargaining_power", group="power"),
            ),
            is_wide=True,
        ),
        Block(
            "risks.plans",
            "rpt_risk_plans",
            """
            select risk_id, valid_from_date, missing_parts, drilled_date, drill_due_date, status
            from rpt_risk_plans order by drill_due_date nulls last, plan_id
            """,
            (
                Column("risk_id"),
                Column("valid_from_date", "date"),
                Column("missing_parts", absent="frame.nothing"),
                Column("drilled_date", "date", absent="frame.never"),
                Column("drill_due_date", "date"),
                Column("status", group="status"),
            ),
            is_wide=True,
        ),
        Block(
            "risks.crisis",
            "rpt_crisis_readiness",
            """
            select crisis_types, crisis_types_planned, plan_coverage, team_members,
                trained_share, status
            from rpt_crisis_readiness
            """,
            (
                Column("crisis_types", "count"),
                Column("crisis_types_planned", "count"),
                Column("plan_coverage", "share"),
                Column("team_members", "count"),
                Column("trained_share", "share"),
                Column("status", group="status"),
            ),
            is_wide=True,
        ),
        Block(
            "risks.strategy",
            "rpt_strategy_reviews",
            """
            select analysis, reviewed_date, part, finding, evidence, status
            from rpt_strategy_reviews
            order by reviewed_date desc nulls last, analysis, part_no, item_no limit 20
            """,
            (
                Column("analysis"),
                Column("reviewed_date", "date", absent="frame.never"),
                Column("part", group="part"),
                Column("finding"),
                Column("evidence"),
                Column("status", group="status"),
            ),
            is_wide=True,
        ),
    ),
)

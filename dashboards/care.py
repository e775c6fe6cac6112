"""How customers are looked after: contacts, wishes, follow-ups, waits. No customer is named."""

import altair as alt

from regulars.dashboards.page import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    SKY,
    Block,
    Column,
    Page,
    rows,
)


def contacts(words):
    """Contacts of a month by the tier of those they were with."""
    return (
        alt.Chart(rows(), width="container", height=250)
        .mark_bar()
        .encode(
            x=alt.X(
                "yearmonth(month_start):T", title=None, axis=alt.Axis(format="%Y-%m", labelAngle=0)
            ),
            y=alt.Y("contacts:Q", title=words.column("contacts")),
            color=alt.Color(
                "tier:N",
                sort=words.all("tier", ["A", "B", "C"]),
                scale=alt.Scale(range=[BLUE, ORANGE, GREEN, SKY, PURPLE, GREY]),
                legend=alt.Legend(columns=2),
            ),
            tooltip=[
                alt.Tooltip("month_start:T", title=words.column("month_start"), format="%Y-%m"),
                alt.Tooltip("tier:N", title=words.column("tier")),
                alt.Tooltip("contacts:Q", title=words.column("contacts"), format=","),
                alt.Tooltip("depth:Q", title=words.column("depth"), format=".0%"),
            ],
        )
    )


def waits(words):
    """Median wait by store and hour; the darker the longer."""
    return (
        alt.Chart(rows(), width="container", height=alt.Step(26))
        .mark_rect()
        .encode(
            x=alt.X("order_hour:O", title=words.column("order_hour"), axis=alt.Axis(labelAngle=0)),
            y=alt.Y("store_id:N", title=None, sort=None),
            color=alt.Color(
                "wait_minutes_p50:Q",
                scale=alt.Scale(scheme="blues", domainMin=0),
                legend=alt.Legend(
                    title=words.column("wait_minutes_p50"), titleFontSize=12, gradientLength=160
                ),
            ),
            tooltip=[
                alt.Tooltip("store_id:N", title=words.column("store_id")),
                alt.Tooltip("order_hour:O", title=words.column("order_hour")),
                alt.Tooltip("orders:Q", title=words.column("orders"), format=","),
                alt.Tooltip(
                    "wait_minutes_p50:Q", title=words.column("wait_minutes_p50"), format=".1f"
                ),
            ],
        )
    )


PAGE = Page(
    "care",
    group="voice",
    order=10,
    blocks=(
        Block(
            "care.contacts",
            "rpt_contact_depth",
            """
            select month_start, tier, contacts, customers, contacts_per_customer, depth,
                non_sales_share
            from rpt_contact_depth
            where status = 'measured' order by month_start, tier
            """,
            (
                Column("month_start", "month"),
                Column("tier", group="tier"),
                Column("contacts", "count"),
                Column("customers", "count"),
                Column("contacts_per_customer", "ratio"),
                Column("depth", "share"),
                Column("non_sales_share", "share"),
            ),
            contacts,
            is_wide=True,
        ),
        Block(
            "care.key",
            "mart_care",
            """
            select contact_status, plan_status, count(*) as customers
            from mart_care
            group by contact_status, plan_status order by contact_status, plan_status
            """,
            (
                Column("contact_status", group="contact"),
                Column("plan_status", group="status"),
                Column("customers", "count"),
            ),
        ),
        Block(
            "care.intensity",
            "rpt_contact_intensity",
            """
            select year, contacts_per_1000_receipts, post_sale_contact_rate, silent_customers,
                coverage_pct
            from rpt_contact_intensity order by year desc
            """,
            (
                Column("year"),
                Column("contacts_per_1000_receipts", "score"),
                Column("post_sale_contact_rate", "share"),
                Column("silent_customers", "count"),
                Column("coverage_pct", "share"),
            ),
        ),
        Block(
            "care.follow_ups",
            "rpt_follow_up_rates",
            """
            select follow_up_kind, year, tasks, on_time_rate, overdue_tasks, status
            from rpt_follow_up_rates
            order by year desc nulls last, follow_up_kind
            """,
            (
                Column("follow_up_kind", group="follow_up"),
                Column("year"),
                Column("tasks", "count"),
                Column("on_time_rate", "share"),
                Column("overdue_tasks", "count"),
                Column("status", group="status"),
            ),
        ),
        Block(
            "care.wishes",
            "rpt_wish_rates",
            """
            select occasion, events, wished, done_rate, status
            from rpt_wish_rates order by occasion
            """,
            (
                Column("occasion", group="occasion"),
                Column("events", "count"),
                Column("wished", "count"),
                Column("done_rate", "share"),
                Column("status", group="status"),
            ),
        ),
        Block(
            "care.personal",
            "rpt_personalisation",
            """
            select year, personal_response_rate, general_response_rate, response_ratio, status
            from rpt_personalisation order by year desc
            """,
            (
                Column("year"),
                Column("personal_response_rate", "share"),
                Column("general_response_rate", "share"),
                Column("response_ratio", "ratio"),
                Column("status", group="status"),
            ),
        ),
        Block(
            "care.co_creation",
            "rpt_co_creation",
            """
            select title as plan, start_date, done_date, growth, quoted_growth, status
            from rpt_co_creation order by start_date desc nulls last, plan_id limit 12
            """,
            (
                Column("plan"),
                Column("start_date", "date"),
                Column("done_date", "date"),
                Column("growth", "share"),
                Column("quoted_growth", "share"),
                Column("status", group="status"),
            ),
        ),
        Block(
            "care.first",
            "rpt_first_contact",
            """
            select year, newcomers, second_visit_rate, refund_rate, first_csat_100,
                first_csat_status, coverage_pct
            from rpt_first_contact order by year desc
            """,
            (
                Column("year"),
                Column("newcomers", "count"),
                Column("second_visit_rate", "share"),
                Column("refund_rate", "share"),
                Column("first_csat_100", "score"),
                Column("first_csat_status", group="status"),
                Column("coverage_pct", "share"),
            ),
            is_wide=True,
        ),
        Block(
            "care.events",
            "rpt_events",
            """
            select campaign_name, start_date, attendance, csat_100, spend_before, spend_after,
                status
            from rpt_events order by start_date desc nulls last, campaign_id limit 12
            """,
            (
                Column("campaign_name"),
                Column("start_date", "date"),
                Column("attendance", "count"),
                Column("csat_100", "score"),
                Column("spend_before", "money"),
                Column("spend_after", "money"),
                Column("status", group="status"),
            ),
            is_wide=True,
        ),
        Block(
            "care.waits",
            "rpt_service_times",
            """
            select store_id, order_hour, orders, wait_minutes_p50, csat_100
            from rpt_service_times
            where status = 'measured' and year = (select max(year) from rpt_service_times)
            order by store_id, order_hour
            """,
            (
                Column("store_id"),
                Column("order_hour"),
                Column("orders", "count"),
                Column("wait_minutes_p50", "score"),
                Column("csat_100", "score"),
            ),
            waits,
        ),
        Block(
            "care.consistency",
            "rpt_store_consistency",
            """
            select year, aspect_zh, store_id, score_100, mean_100, deviation_sd
            from rpt_store_consistency
            where finding = 'beyond'
            order by year desc, aspect_zh, store_id limit 12
            """,
            (
                Column("year"),
                Column("aspect_zh", group="aspect"),
                Column("store_id"),
                Column("score_100", "score"),
                Column("mean_100", "score"),
                Column("deviation_sd", "signed"),
            ),
        ),
    ),
)

"""How content customers say they are, and whether they would recommend the chain."""

import altair as alt

from regulars.dashboards.page import BLUE, GREY, RED, Block, Column, Page, rows

DIMENSIONS = ["product", "service", "price", "after_sales", "marketing", "communication", "overall"]


def dimensions(words):
    """A dot per dimension for the year with its interval, a pale one for the year before.

    The benchmark is a line.
    """
    base = (
        alt.Chart(rows(), width="container", height=alt.Step(38))
        .transform_calculate(
            low="max(0, datum.csat_mean_100 - datum.csat_margin_of_error_100)",
            high="min(100, datum.csat_mean_100 + datum.csat_margin_of_error_100)",
        )
        .encode(
            y=alt.Y(
                "dimension:N",
                title=None,
                sort=words.all("dimension", ["overall", *DIMENSIONS[:-1]]),
            )
        )
    )
    scale = alt.Scale(domain=[0, 100])
    tooltip = [
        alt.Tooltip("dimension:N", title=words.column("dimension")),
        alt.Tooltip("period:N", title=words.column("period")),
        alt.Tooltip("csat_mean_100:Q", title=words.column("csat_mean_100"), format=".1f"),
        alt.Tooltip(
            "csat_margin_of_error_100:Q",
            title=words.column("csat_margin_of_error_100"),
            format=".1f",
        ),
        alt.Tooltip("n_label:N", title=words.column("n_label")),
    ]
    years = alt.Color("period:N", title=None, scale=alt.Scale(range=["#b9c4cf", BLUE]))
    interval = (
        base.transform_filter("isValid(datum.csat_margin_of_error_100)")
        .mark_rule(strokeWidth=3, opacity=0.6)
        .encode(x=alt.X("low:Q", scale=scale), x2="high:Q", color=years)
    )
    span = base.mark_line(color=GREY, strokeWidth=2, opacity=0.5).encode(
        x=alt.X("csat_mean_100:Q", title=words.column("csat_mean_100"), scale=scale),
        detail="dimension:N",
    )
    dots = base.mark_point(filled=True, size=120, opacity=1).encode(
        x="csat_mean_100:Q",
        color=years,
        tooltip=tooltip,
    )
    benchmark = base.mark_tick(color=RED, thickness=3, size=24).encode(
        x="benchmark_mean_100:Q",
        tooltip=[alt.Tooltip("benchmark_mean_100:Q", title=words.column("benchmark_mean_100"))],
    )
    return alt.layer(span, interval, dots, benchmark)


def nps(words):
    """The score of every year with its interval of 95 %."""
    base = (
        alt.Chart(rows(), width="container", height=260)
        .transform_calculate(
            low="datum.nps - datum.margin_of_error", high="datum.nps + datum.margin_of_error"
        )
        .encode(x=alt.X("period:O", title=None, axis=alt.Axis(labelAngle=0)))
    )
    interval = base.mark_rule(color=BLUE, strokeWidth=3, opacity=0.5).encode(
        y=alt.Y("low:Q", title=words.column("nps")), y2="high:Q"
    )
    spot = base.mark_point(filled=True, size=130, color=BLUE, opacity=1).encode(
        y="nps:Q",
        tooltip=[
            alt.Tooltip("period:O", title=words.column("period")),
            alt.Tooltip("nps:Q", title=words.column("nps"), format="+.1f"),
            alt.Tooltip("margin_of_error:Q", title=words.column("margin_of_error"), format=".1f"),
            alt.Tooltip("n_label:N", title=words.column("n_label")),
        ],
    )
    text = base.mark_text(align="left", dx=12).encode(
        y="nps:Q", text=alt.Text("nps:Q", format="+.1f")
    )
    return alt.layer(interval, spot, text)


PAGE = Page(
    "satisfaction",
    group="voice",
    order=7,
    blocks=(
        Block(
            "satisfaction.dimensions",
            "mart_satisfaction",
            """
            select period, dimension, csat_mean_100, csat_margin_of_error_100, csat_top2_pct,
                csat_top2_low_pct, csat_top2_high_pct, benchmark_mean_100, n_label
            from mart_satisfaction
            where
                period_type = 'year' and breakdown = 'all' and csat_mean_100 is not null
                and cast(period as integer) > (
                    select max(cast(period as integer)) - 2 from mart_satisfaction
                    where period_type = 'year'
                )
            order by period desc, dimension
            """,
            (
                Column("period"),
                Column("dimension", group="dimension"),
                Column("csat_mean_100", "score"),
                Column("csat_margin_of_error_100", "score"),
                Column("csat_top2_pct", "score"),
                Column("csat_top2_low_pct", "score"),
                Column("csat_top2_high_pct", "score"),
                Column("benchmark_mean_100", "score"),
                Column("n_label", group="answers"),
            ),
            dimensions,
        ),
        Block(
            "satisfaction.nps",
            "mart_nps",
            """
            select period, nps, margin_of_error, n_label, promoters, passives, detractors
            from mart_nps
            where period_type = 'year' and breakdown = 'all' and nps is not null order by period
            """,
            (
                Column("period"),
                Column("nps", "signed"),
                Column("margin_of_error", "score"),
                Column("n_label", group="answers"),
                Column("promoters", "count"),
                Column("passives", "count"),
                Column("detractors", "count"),
            ),
            nps,
        ),
        Block(
            "satisfaction.stores",
            "mart_satisfaction",
            """
            select period, breakdown_value as store_id, csat_mean_100, csat_margin_of_error_100,
                csat_top2_pct, csat_top2_low_pct, csat_top2_high_pct, n_label
            from mart_satisfaction
            where
                period_type = 'year' and breakdown = 'store' and dimension = 'overall'
                and period = (
                    select max(period) from mart_satisfaction where period_type = 'year'
                )
            order by csat_mean_100, store_id
            """,
            (
                Column("store_id"),
                Column("csat_mean_100", "score"),
                Column("csat_margin_of_error_100", "score"),
                Column("csat_top2_pct", "score"),
                Column("csat_top2_low_pct", "score"),
                Column("csat_top2_high_pct", "score"),
                Column("n_label", group="answers"),
            ),
            is_wide=True,
        ),
        Block(
            "satisfaction.weak",
            "rpt_csat_weak_links",
            """
            select wave_id, dimension, csat_mean_100, csat_target, gap_100, n, due_date, status
            from rpt_csat_weak_links
            where status <> 'closed' order by wave_id desc, gap_100, dimension limit 12
            """,
            (
                Column("wave_id"),
                Column("dimension", group="dimension"),
                Column("csat_mean_100", "score"),
                Column("csat_target", "score"),
                Column("gap_100", "signed"),
                Column("n", "count"),
                Column("due_date", "date", absent="frame.not_set"),
                Column("status", group="status"),
            ),
            is_wide=True,
        ),
    ),
)

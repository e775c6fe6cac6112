"""Which series are liked and which are bought again, and how loyal the regulars are."""

import altair as alt

from regulars.dashboards.page import BLUE, GREEN, GREY, ORANGE, RED, Block, Column, Page, rows

QUADRANTS = {"loyal": GREEN, "latent": BLUE, "spurious": ORANGE, "none": RED}


def matrix(words):
    """Attitude across, buying again upwards; the lines are the cuts between high and low."""
    base = alt.Chart(rows(), width="container", height=380)
    cuts = [
        base.mark_rule(color=GREY, strokeDash=[4, 4]).encode(x="max(attitude_cut):Q"),
        base.mark_rule(color=GREY, strokeDash=[4, 4]).encode(y="max(repeat_cut):Q"),
    ]
    spots = base.mark_point(filled=True, size=260, opacity=0.9).encode(
        x=alt.X("attitude:Q", title=words.column("attitude"), scale=alt.Scale(domain=[0, 100])),
        y=alt.Y(
            "repeat_rate:Q",
            title=words.column("repeat_rate"),
            axis=alt.Axis(format=".0%"),
            scale=alt.Scale(domain=[0, 1]),
        ),
        color=alt.Color(
            "quadrant:N",
            title=None,
            scale=alt.Scale(
                domain=words.all("quadrant", list(QUADRANTS)), range=list(QUADRANTS.values())
            ),
            legend=alt.Legend(columns=2),
        ),
        tooltip=[
            alt.Tooltip("series:N", title=words.column("series")),
            alt.Tooltip("quadrant:N", title=words.column("quadrant")),
            alt.Tooltip("attitude:Q", title=words.column("attitude"), format=".1f"),
            alt.Tooltip("repeat_rate:Q", title=words.column("repeat_rate"), format=".1%"),
            alt.Tooltip("n:Q", title=words.column("n"), format=","),
        ],
    )
    names = base.mark_text(dy=-17).encode(x="attitude:Q", y="repeat_rate:Q", text="series:N")
    return alt.layer(*cuts, spots, names)


def index_by_year(words):
    """The index of every year with its target."""
    base = alt.Chart(rows(), width="container", height=240).encode(
        x=alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0))
    )
    line = base.mark_line(color=BLUE, point=alt.OverlayMarkDef(color=BLUE, size=70)).encode(
        y=alt.Y(
            "loyalty_index:Q",
            title=words.column("loyalty_index"),
            scale=alt.Scale(domain=[0, 100]),
        )
    )
    text = base.mark_text(dy=-14).encode(
        y="loyalty_index:Q", text=alt.Text("loyalty_index:Q", format=".1f")
    )
    target = base.mark_line(color=GREY, strokeDash=[4, 4]).encode(y="target:Q")
    return alt.layer(target, line, text)


PAGE = Page(
    "loyalty",
    group="customers",
    order=4,
    blocks=(
        Block(
            "loyalty.matrix",
            "mart_loyalty_matrix",
            """
            select year, series, quadrant, quadrant_year_before, attitude, attitude_cut,
                repeat_rate, repeat_cut, n, cause, cure, coverage_pct
            from mart_loyalty_matrix
            where
                year = (select max(year) from mart_loyalty_matrix)
                and attitude is not null and repeat_rate is not null
            order by series
            """,
            (
                Column("series"),
                Column("quadrant", group="quadrant"),
                Column("quadrant_year_before", group="quadrant"),
                Column("attitude", "score"),
                Column("repeat_rate", "share"),
                Column("n", "count"),
                Column("coverage_pct", "share"),
            ),
            matrix,
        ),
        Block(
            "loyalty.index",
            "rpt_loyalty_trend",
            """
            select year, loyalty_index, target, customers, level_finding, slope_finding
            from rpt_loyalty_trend order by year
            """,
            (
                Column("year"),
                Column("loyalty_index", "score"),
                Column("target", "score"),
                Column("customers", "count"),
                Column("level_finding", group="status"),
                Column("slope_finding", group="status"),
            ),
            index_by_year,
        ),
        Block(
            "loyalty.cures",
            "mart_loyalty_matrix",
            """
            select series, quadrant, quadrant as quadrant_cure, quadrant_year_before, n
            from mart_loyalty_matrix
            where year = (select max(year) from mart_loyalty_matrix) order by series
            """,
            (
                Column("series"),
                Column("quadrant", group="quadrant"),
                Column("quadrant_year_before", group="quadrant"),
                Column("quadrant_cure", group="cure"),
                Column("n", "count"),
            ),
        ),
        Block(
            "loyalty.comparison",
            "rpt_loyalty_comparison",
            """
            select metric, year_3, value_1, value_2, value_3, direction_2_3, n_3, coverage_pct
            from rpt_loyalty_comparison order by metric
            """,
            (
                Column("metric", group="kpi"),
                Column("value_1", "ratio"),
                Column("value_2", "ratio"),
                Column("value_3", "ratio"),
                Column("direction_2_3", group="status"),
                Column("n_3", "count"),
                Column("coverage_pct", "share"),
            ),
        ),
    ),
)

"""Where customers stand in their relation with the chain, and where they go."""

import altair as alt

from regulars.dashboards.page import BLUE, Block, Column, Page, rows

STAGE5 = ["potential", "intention", "purchase", "active", "lost"]
STAGE4 = ["exploration", "formation", "stability", "decline"]


def _bars(group, order):
    def draw(words):
        base = alt.Chart(rows(), width="container", height=alt.Step(34)).encode(
            x=alt.X("customers:Q", title=words.column("customers")),
            y=alt.Y(f"{group}:N", title=None, sort=words.all(group, order)),
        )
        text = base.mark_text(align="left", dx=5).encode(text=alt.Text("customers:Q", format=","))
        return base.mark_bar(color=BLUE) + text

    return draw


def _grid(x, y, x_order, y_order, value="customers", form=","):
    """Squares, darker where more are; the figure stands in each."""

    def draw(words):
        base = alt.Chart(rows(), width="container", height=alt.Step(44)).encode(
            x=alt.X(
                f"{x[0]}:N",
                title=words.column(x[0]),
                sort=words.all(x[1], x_order),
                axis=alt.Axis(orient="top", labelAngle=0),
            ),
            y=alt.Y(f"{y[0]}:N", title=None, sort=words.all(y[1], y_order)),
        )
        square = base.mark_rect().encode(
            color=alt.Color(f"{value}:Q", scale=alt.Scale(scheme="blues"), legend=None)
        )
        text = base.mark_text().encode(
            text=alt.Text(f"{value}:Q", format=form),
            color=alt.condition(
                f"datum.{value} > 0.5 * datum.largest", alt.value("white"), alt.value("#1d2329")
            ),
        )
        return alt.layer(square, text).transform_joinaggregate(largest=f"max({value})")

    return draw


PAGE = Page(
    "lifecycle",
    group="customers",
    order=3,
    blocks=(
        Block(
            "lifecycle.stage5",
            "mart_lifecycle",
            "select stage5, count(*) as customers from mart_lifecycle group by stage5 order by 1",
            (Column("stage5", group="stage5"), Column("customers", "count")),
            _bars("stage5", STAGE5),
        ),
        Block(
            "lifecycle.stage4",
            "mart_lifecycle",
            "select stage4, count(*) as customers from mart_lifecycle group by stage4 order by 1",
            (Column("stage4", group="stage4"), Column("customers", "count")),
            _bars("stage4", STAGE4),
        ),
        Block(
            "lifecycle.crosswalk",
            "rpt_lifecycle_crosswalk",
            """
            select stage4, stage5, customers, is_possible, reason
            from rpt_lifecycle_crosswalk order by stage4, stage5
            """,
            (
                Column("stage4", group="stage4"),
                Column("stage5", group="stage5"),
                Column("customers", "count"),
            ),
            _grid(("stage5", "stage5"), ("stage4", "stage4"), STAGE5, STAGE4),
        ),
        Block(
            "lifecycle.transitions",
            "mart_lifecycle_transitions",
            """
            select month_start, from_stage, to_stage, customers, share_of_from
            from mart_lifecycle_transitions
            where
                lifecycle = 'stage5'
                and month_start = (select max(month_start) from mart_lifecycle_transitions)
            order by from_stage, to_stage
            """,
            (
                Column("month_start", "month"),
                Column("from_stage", group="stage5"),
                Column("to_stage", group="stage5"),
                Column("customers", "count"),
                Column("share_of_from", "share"),
            ),
            _grid(
                ("to_stage", "stage5"),
                ("from_stage", "stage5"),
                STAGE5,
                ["new", *STAGE5],
                "share_of_from",
                ".0%",
            ),
        ),
    ),
)

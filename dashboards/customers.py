"""Who the customers are by tier, and how they moved between the tiers."""

import altair as alt

from regulars.dashboards.page import GREY, Block, Column, Page, rows

TIERS = {"A": "#003f6b", "B": "#0072B2", "C": "#7fb8dc", "NEW": "#009E73", "GAP": "#E69F00"}
TIERS |= {"LOST": "#D55E00", "NONE": GREY}
ORDER = list(TIERS)


def _colours(words, tiers=tuple(TIERS)):
    return alt.Scale(domain=words.all("tier", list(tiers)), range=[TIERS[tier] for tier in tiers])


def tiers_by_year(words):
    """Customers of every tier, a bar a year."""
    base = alt.Chart(rows(), width="container", height=240)
    return base.mark_bar().encode(
        x=alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0)),
        y=alt.Y("customers:Q", title=words.column("customers")),
        color=alt.Color("tier:N", scale=_colours(words, ("A", "B", "C", "GAP")), title=None),
        order=alt.Order("place:O"),
        tooltip=[
            alt.Tooltip("year:O", title=words.column("year")),
            alt.Tooltip("tier:N", title=words.column("tier")),
            alt.Tooltip("customers:Q", title=words.column("customers"), format=","),
        ],
    )


def movements(words):
    """Bands from the tier of the year before to the tier of the year, as thick as they are many.

    The window functions stack both ends; twenty-one points on a smooth step make a band of each.
    """
    ranks = {words(f"tier.{tier}"): place for place, tier in enumerate(ORDER)}
    flow = (
        alt.Chart(rows(), width="container", height=340)
        .transform_calculate(
            from_place=f"{ranks}[datum.from_tier]", to_place=f"{ranks}[datum.to_tier]"
        )
        .transform_joinaggregate(total="sum(customers)")
        .transform_window(
            left_sum="sum(customers)",
            sort=[alt.SortField("from_place"), alt.SortField("to_place")],
            frame=[None, 0],
        )
        .transform_window(left_rank="dense_rank()", sort=[alt.SortField("from_place")])
        .transform_window(
            right_sum="sum(customers)",
            sort=[alt.SortField("to_place"), alt.SortField("from_place")],
            frame=[None, 0],
        )
        .transform_window(right_rank="dense_rank()", sort=[alt.SortField("to_place")])
        .transform_calculate(
            # A gap between the tiers, so that the names of small ones stand apart.
            left_top="datum.left_sum + datum.left_rank * 0.06 * datum.total",
            right_top="datum.right_sum + datum.right_rank * 0.06 * datum.total",
        )
    )
    bands = (
        flow.transform_calculate(step="sequence(0, 1.0001, 0.05)")
        .transform_flatten(["step"])
        .transform_calculate(
            bend="datum.step * datum.step * (3 - 2 * datum.step)",
            top="datum.left_top + (datum.right_top - datum.left_top) * datum.bend",
            bottom="datum.top - datum.customers",
            band="datum.from_tier + ' → ' + datum.to_tier",
        )
        .mark_area(opacity=0.55, line=False)
        .encode(
            x=alt.X("step:Q", axis=None, scale=alt.Scale(domain=[-0.32, 1.32], nice=False)),
            y=alt.Y("top:Q", axis=None, scale=alt.Scale(reverse=True, zero=True)),
            y2="bottom:Q",
            detail="band:N",
            color=alt.Color("to_tier:N", scale=_colours(words), legend=None),
            tooltip=[
                alt.Tooltip("from_tier:N", title=words.column("from_tier")),
                alt.Tooltip("to_tier:N", title=words.column("to_tier")),
                alt.Tooltip("customers:Q", title=words.column("customers"), format=","),
                alt.Tooltip("spend:Q", title=words.column("spend"), format=",.0f"),
            ],
        )
    )

    def ends(side, top, x, align):
        named = flow.transform_aggregate(
            customers="sum(customers)", last=f"max({top})", groupby=[side]
        ).transform_calculate(
            middle="datum.last - datum.customers / 2",
            first="datum.last - datum.customers",
            text=f"datum.{side} + '  ' + format(datum.customers, ',')",
            at=str(x),
        )
        bar = named.mark_rule(strokeWidth=7).encode(
            x="at:Q",
            y="first:Q",
            y2="last:Q",
            color=alt.Color(f"{side}:N", scale=_colours(words), legend=None),
        )
        text = named.mark_text(align=align, dx=-9 if align == "right" else 9).encode(
            x="at:Q", y="middle:Q", text="text:N"
        )
        return bar, text

    return alt.layer(
        bands, *ends("from_tier", "left_top", 0, "right"), *ends("to_tier", "right_top", 1, "left")
    )


PAGE = Page(
    "customers",
    group="customers",
    order=2,
    blocks=(
        Block(
            "customers.movement",
            "mart_tier_movement",
            """
            select year, from_tier, to_tier, customers, spend, coverage_pct
            from mart_tier_movement
            where year = (select max(year) from mart_tier_movement)
            order by from_tier, to_tier
            """,
            (
                Column("year"),
                Column("from_tier", group="tier"),
                Column("to_tier", group="tier"),
                Column("customers", "count"),
                Column("spend", "money"),
                Column("coverage_pct", "share"),
            ),
            movements,
        ),
        Block(
            "customers.tiers",
            "mart_customer_tier",
            """
            select
                year, tier, count(*) as customers, sum(net_spend) as net_spend,
                case tier when 'A' then 1 when 'B' then 2 when 'C' then 3 else 4 end as place
            from mart_customer_tier where tier <> 'NONE'
            group by year, tier order by year, place
            """,
            (
                Column("year"),
                Column("tier", group="tier"),
                Column("customers", "count"),
                Column("net_spend", "money"),
            ),
            tiers_by_year,
        ),
        Block(
            "customers.concentration",
            "rpt_concentration",
            """
            select year, group_name, customers, customer_share, spend, spend_share, coverage_pct
            from rpt_concentration where group_kind = 'top' order by year desc, group_name desc
            """,
            (
                Column("year"),
                Column("group_name", group="group"),
                Column("customers", "count"),
                Column("customer_share", "share"),
                Column("spend", "money"),
                Column("spend_share", "share"),
                Column("coverage_pct", "share"),
            ),
            is_wide=True,
        ),
        Block(
            "customers.change",
            "rpt_abc_movement",
            """
            select year, tier, customers, delta_customers, delta_pct, spend, delta_spend_pct,
                coverage_pct
            from rpt_abc_movement order by year desc, tier
            """,
            (
                Column("year"),
                Column("tier", group="tier"),
                Column("customers", "count"),
                Column("delta_customers", "change"),
                Column("delta_pct", "share"),
                Column("spend", "money"),
                Column("delta_spend_pct", "share"),
                Column("coverage_pct", "share"),
            ),
            is_wide=True,
        ),
    ),
)

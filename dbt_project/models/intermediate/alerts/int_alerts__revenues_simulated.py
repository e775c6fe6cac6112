"""What the next twelve months may bring (RISK-07)."""

from regulars.analytics.outlook import Rules, simulate_revenue


def model(dbt, session):
    """One row per scenario."""
    dbt.config(materialized="table")
    rules = dbt.ref("int_alerts__rules_dated").df().iloc[0]
    risks = dbt.ref("int_alerts__open_risks_listed").df()
    months = dbt.ref("int_performance__sales_measured").filter("period_kind = 'month'")
    return simulate_revenue(
        months.project("period_start as month_start, coalesce(net_sales, 0) as net_sales").df(),
        risks.dropna(subset=["likelihood"]) if len(risks) else None,
        Rules(
            draws=int(rules["outlook_draws"]),
            seed=int(rules["outlook_seed"]),
            min_growths=int(rules["outlook_min_growths"]),
            probability_per_point=float(rules["outlook_probability_per_point"]),
            loss_per_point=float(rules["outlook_loss_per_point"]),
        ),
    )

"""Whether the chain reaches what it set out to do: targets, grades, measures, forecasts."""

from regulars.dashboards.page import Block, Column, Page

PAGE = Page(
    "performance",
    group="business",
    order=11,
    blocks=(
        Block(
            "performance.year",
            "mart_kpi_scorecard",
            """
            select kpi, period_start, value, year_before_value, target, benchmark, status,
                no_data_reason, coverage_pct, verdict
            from mart_kpi_scorecard
            where
                period_kind = 'year'
                and period_start = (
                    select max(period_start) from mart_kpi_scorecard where period_kind = 'year'
                )
            order by is_headline desc, is_core desc, is_relationship desc, kpi
            """,
            (
                Column("kpi", group="kpi"),
                Column("value", "ratio"),
                Column("year_before_value", "ratio"),
                Column("target", "ratio", absent="frame.not_set"),
                Column("benchmark", "ratio"),
                Column("status", group="status"),
                Column("coverage_pct", "share"),
                Column("verdict", group="verdict"),
            ),
            is_wide=True,
        ),
        Block(
            "performance.targets",
            "mart_target_progress",
            """
            select statement, metric, horizon, due_date, target_value, value, progress, time_share,
                status, parts_gap
            from mart_target_progress
            order by due_date nulls last, target_id
            """,
            (
                Column("statement"),
                Column("metric", group="kpi", absent="frame.not_set"),
                Column("horizon", group="horizon", absent="frame.not_set"),
                Column("due_date", "date", absent="frame.not_set"),
                Column("target_value", "ratio", absent="frame.not_set"),
                Column("value", "ratio"),
                Column("progress", "share"),
                Column("time_share", "share"),
                Column("status", group="status"),
                Column("parts_gap", "ratio"),
            ),
            is_wide=True,
        ),
        Block(
            "performance.levels",
            "rpt_target_levels",
            """
            select horizon, targets, reached, on_the_way, behind, mean_progress, status
            from rpt_target_levels order by level_no
            """,
            (
                Column("horizon", group="horizon"),
                Column("targets", "count"),
                Column("reached", "count"),
                Column("on_the_way", "count"),
                Column("behind", "count"),
                Column("mean_progress", "share"),
                Column("status", group="status"),
            ),
        ),
        Block(
            "performance.improvements",
            "rpt_improvements",
            """
            select title, phase, days_in_phase, due_date, effect, effect_status as status
            from rpt_improvements
            order by is_stuck desc, phase = 'act', phase_date, improvement_id limit 50
            """,
            (
                Column("title"),
                Column("phase", group="phase"),
                Column("days_in_phase", "count"),
                Column("due_date", "date", absent="frame.not_set"),
                Column("effect", "share"),
                Column("status", group="status"),
            ),
        ),
        Block(
            "performance.forecast",
            "rpt_sales_forecast",
            """
            select store_id, month_start, forecast_sales, actual_sales, error, naive_error
            from rpt_sales_forecast
            where month_start >= (
                select max(month_start) - interval 2 month from rpt_sales_forecast
            )
            order by month_start desc, store_id
            """,
            (
                Column("store_id"),
                Column("month_start", "month"),
                Column("forecast_sales", "money"),
                Column("actual_sales", "money"),
                Column("error", "money"),
                Column("naive_error", "money"),
            ),
            is_wide=True,
        ),
        Block(
            "performance.teams",
            "mart_team_performance",
            """
            select team, customers, retention_rate, net_spend, growth, csat_mean_100,
                improvements_better, coverage_pct
            from mart_team_performance where level = 'team' order by team
            """,
            (
                Column("team"),
                Column("customers", "count"),
                Column("retention_rate", "share"),
                Column("net_spend", "money"),
                Column("growth", "share"),
                Column("csat_mean_100", "score"),
                Column("improvements_better", "count"),
                Column("coverage_pct", "share"),
            ),
            is_wide=True,
        ),
    ),
)

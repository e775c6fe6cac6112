-- Points of the signs that show, in a score of 0 to 100. Who is lost already is at risk no more.
with signs as (
    select
        signals.*,
        rules.days as churn_days,
        coalesce(
            signals.gap_ratio >= rules.warning_gap_ratio
            and signals.days_since_purchase >= rules.warning_min_days,
            false
        )
        or signals.days_since_purchase > rules.warning_days as has_gap,
        coalesce(
            signals.receipts_earlier >= rules.frequency_min_receipts
            and signals.receipts_recent <= rules.frequency_ratio_max * signals.receipts_earlier,
            false
        ) as has_frequency_drop,
        coalesce(signals.csat_100 < rules.csat_low, false) as has_low_csat,
        signals.open_complaints > 0 as has_open_complaint,
        coalesce(
            signals.points_balance > 0 and signals.days_since_purchase >= rules.dormant_days, false
        ) as has_dormant_points,
        rules.points_gap,
        rules.points_frequency,
        rules.points_csat,
        rules.points_complaint,
        rules.points_dormancy,
        rules.band_high_min,
        rules.band_medium_min
    from {{ ref('int_churn__signals_measured') }} as signals
    cross join {{ ref('int_churn__rules_dated') }} as rules
    where signals.days_since_purchase <= rules.days
),

scored as (
    select
        *,
        least(
            100,
            case when has_gap then points_gap else 0 end
            + case when has_frequency_drop then points_frequency else 0 end
            + case when has_low_csat then points_csat else 0 end
            + case when has_open_complaint then points_complaint else 0 end
            + case when has_dormant_points then points_dormancy else 0 end
        ) as score
    from signs
)

select
    moment,
    judged_date,
    customer_id,
    tenure_days,
    days_since_purchase,
    purchase_days,
    median_gap_days,
    gap_ratio,
    receipts_recent,
    receipts_earlier,
    csat_100,
    net_spend_365d,
    cast(score as integer) as score,
    case
        when score >= band_high_min then 'high'
        when score >= band_medium_min then 'medium'
        else 'low'
    end as band,
    has_gap,
    has_frequency_drop,
    has_low_csat,
    has_open_complaint,
    has_dormant_points,
    case
        when has_gap
            then
                'no purchase for ' || cast(days_since_purchase as string) || ' days'
                || case
                    when gap_ratio is not null
                        then
                            ', ' || cast(cast(gap_ratio as decimal(18, 1)) as string)
                            || ' times the usual ' || cast(
                                cast(median_gap_days as decimal(18, 1)) as string
                            ) || ' days'
                    else ''
                end
    end as gap_driver,
    case
        when has_frequency_drop
            then
                cast(receipts_recent as string) || ' receipts lately after '
                || cast(receipts_earlier as string) || ' before'
    end as frequency_driver,
    case
        when has_low_csat
            then
                'satisfaction '
                || cast(cast(csat_100 as decimal(18, 0)) as string)
                || ' of 100 on '
                || cast(csat_date as string)
    end as csat_driver,
    case
        when has_open_complaint
            then cast(open_complaints as string) || ' complaint(s) not yet solved'
    end as complaint_driver,
    case
        when has_dormant_points
            then cast(points_balance as string) || ' points lie unused'
    end as points_driver,
    has_fallen_silent
from scored

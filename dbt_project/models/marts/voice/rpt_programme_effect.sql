-- Members of the programme against other known customers of the same spend band of the year before,
-- weighted by the members' bands; the raw gap stands beside it. Kept is who bought in both years.
with members as (
    select
        customer_id,
        min(cast(extract(year from period) as integer)) as member_from_year
    from {{ ref('int_programme__periods_summarised') }}
    group by customer_id
),

pairs as (
    select
        before.customer_id,
        before.year + 1 as year,
        coalesce(tiers.tier, 'UNRATED') as spend_band,
        coalesce(members.member_from_year <= before.year, false) as is_member,
        now.receipts > 0 as is_kept,
        now.net_spend
    from {{ ref('mart_customer_year') }} as before
    inner join {{ ref('mart_customer_year') }} as now
        on before.customer_id = now.customer_id and before.year + 1 = now.year
    left join {{ ref('mart_customer_tier') }} as tiers
        on before.customer_id = tiers.customer_id and before.year = tiers.year
    left join members on before.customer_id = members.customer_id
    where before.receipts > 0
),

bands as (
    select
        year,
        spend_band,
        count(case when is_member then 1 end) as members,
        count(case when not is_member then 1 end) as others,
        count(case when is_member and is_kept then 1 end) as members_kept,
        count(case when not is_member and is_kept then 1 end) as others_kept,
        sum(case when is_member then net_spend end) as members_spend,
        sum(case when not is_member then net_spend end) as others_spend
    from pairs
    group by year, spend_band
),

years as (
    select
        year,
        sum(members) as members,
        sum(others) as others,
        cast(sum(members_kept) as double) / nullif(sum(members), 0) as member_retention,
        cast(sum(others_kept) as double) / nullif(sum(others), 0) as other_retention,
        cast(sum(members_spend) as double) / nullif(sum(members), 0) as member_spend,
        cast(sum(others_spend) as double) / nullif(sum(others), 0) as other_spend,
        sum(case when others > 0 then members end) as matched_members,
        cast(sum(case when others > 0 then members_kept end) as double) as matched_members_kept,
        cast(
            sum(
                cast(
                    members * cast(others_kept as double) / nullif(others, 0) as decimal(24, 9)
                )
            ) as double
        ) as expected_kept,
        cast(sum(case when others > 0 then members_spend end) as double) as matched_spend,
        cast(
            sum(
                cast(
                    members * cast(others_spend as double) / nullif(others, 0) as decimal(24, 9)
                )
            ) as double
        ) as expected_spend
    from bands
    group by year
)

select
    years.year,
    'tier of the year before' as matched_by,
    cast(years.members as integer) as members,
    cast(years.others as integer) as non_members,
    cast(coalesce(years.matched_members, 0) as integer) as matched_members,
    100 * years.member_retention as member_retention_pct,
    100 * years.other_retention as non_member_retention_pct,
    100 * (years.member_retention - years.other_retention) as raw_retention_gap_points,
    100 * (years.matched_members_kept - years.expected_kept) / nullif(years.matched_members, 0)
        as matched_retention_gap_points,
    -100 * (years.matched_members_kept - years.expected_kept) / nullif(years.matched_members, 0)
        as matched_churn_gap_points,
    years.member_spend - years.other_spend as raw_spend_gap,
    (years.matched_spend - years.expected_spend) / nullif(years.matched_members, 0)
        as matched_spend_gap,
    case
        when years.members = 0 then 'no members'
        when years.others = 0 then 'nobody to compare with'
        when years.matched_members is null then 'no band in common'
        else 'compared'
    end as status,
    coverage.coverage_pct,
    context.chain_currency as currency,
    context.as_of
from years
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_sales__coverage_measured') }} as coverage
    on years.year = coverage.calendar_year

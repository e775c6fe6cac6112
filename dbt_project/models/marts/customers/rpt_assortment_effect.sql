-- Pearson's correlation over store months, its interval by Fisher's z. Rates are rounded to six
-- places so that the sums are exact and do not depend on the order of the rows.
with points as (
    select
        items_on_sale as x,
        cast(return_rate as decimal(12, 6)) as y
    from {{ ref('rpt_assortment') }}
    where return_rate is not null
),

sums as (
    select
        count(*) as n,
        cast(sum(x) as double) as x,
        cast(sum(y) as double) as y,
        cast(sum(x * x) as double) as xx,
        cast(sum(y * y) as double) as yy,
        cast(sum(x * y) as double) as xy
    from points
),

measured as (
    select
        n,
        case
            when (n * xx - x * x) * (n * yy - y * y) > 0
                then
                    least(
                        greatest(
                            (n * xy - x * y) / sqrt((n * xx - x * x) * (n * yy - y * y)), -1
                        ),
                        1
                    )
        end as correlation
    from sums
),

widened as (
    select
        measured.n,
        rules.as_of,
        rules.assortment_min_months,
        measured.correlation,
        case
            when abs(measured.correlation) < 1
                then ln((1 + measured.correlation) / (1 - measured.correlation)) / 2
        end as z,
        cast(rules.interval_z as double) / sqrt(cast(greatest(measured.n - 3, 1) as double))
            as half_width
    from measured
    cross join {{ ref('int_grading__rules_stated') }} as rules
)

select
    cast(n as integer) as store_months,
    case when n >= assortment_min_months then correlation end as correlation,
    case
        when n >= assortment_min_months
            then (exp(2 * (z - half_width)) - 1) / (exp(2 * (z - half_width)) + 1)
    end as correlation_low,
    case
        when n >= assortment_min_months
            then (exp(2 * (z + half_width)) - 1) / (exp(2 * (z + half_width)) + 1)
    end as correlation_high,
    case
        when n < assortment_min_months then 'insufficient'
        when correlation is null then 'no variation'
        else 'measured'
    end as status,
    as_of
from widened

-- Not everyone is sought: a group that cannot be reached or does not pay is left out, with why.
select
    quality.method,
    quality.segment,
    quality.customers,
    case
        when quality.accessible = 'fail' and quality.profitable = 'fail'
            then 'neither near a store nor willing to be written to, and below the profit asked for'
        when quality.accessible = 'fail' then 'neither near a store nor willing to be written to'
        else
            'yields '
            || cast(cast(quality.profitable_score as decimal(18, 2)) as string)
            || ' times the profit of the usual customer, '
            || cast(cast(quality.profitable_threshold as decimal(18, 2)) as string)
            || ' is asked for'
    end as reason,
    quality.as_of
from {{ ref('rpt_segment_quality') }} as quality
where quality.accessible = 'fail' or quality.profitable = 'fail'

{{ config(meta={'requirements': ['RISK-02', 'RISK-03']}) }}

-- No alert closes before it opens, opens after as_of, or lacks what its stage needs; of one code
-- and entity at most one is open at a time.
with numbered as (
    select
        *,
        lead(opened_at) over (
            partition by alert_code, entity_type, entity_id
            order by opened_at asc
        ) as opened_next
    from {{ ref('fct_alerts') }}
)

select
    alert_code,
    entity_type,
    entity_id,
    opened_at,
    closed_at,
    opened_next
from numbered
where
    closed_at < opened_at
    or opened_at > as_of
    or closed_at > as_of
    or threshold is null
    or (status = 'closed' and (response is null or feedback is null))
    or opened_next < coalesce(closed_at, cast('9999-12-31' as date))

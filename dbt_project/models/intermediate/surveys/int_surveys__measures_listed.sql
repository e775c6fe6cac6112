-- A measure is a campaign or an improvement of a kind for which the source texts quote an effect.
-- One without stores holds for the whole chain.
select
    'campaign' as source,
    campaigns.campaign_id as measure_id,
    kinds.kind,
    kinds.metric,
    kinds.benchmark_code,
    campaigns.start_date,
    campaigns.store_ids
from {{ ref('stg_reference__campaigns') }} as campaigns
inner join {{ ref('ref_measure_kinds') }} as kinds on campaigns.kind = kinds.kind
union all
select
    'improvement' as source,
    improvements.improvement_id as measure_id,
    kinds.kind,
    kinds.metric,
    kinds.benchmark_code,
    improvements.do_date as start_date,
    improvements.store_id as store_ids
from {{ ref('stg_reference__improvements') }} as improvements
inner join {{ ref('ref_measure_kinds') }} as kinds on improvements.source_kind = kinds.kind
where improvements.do_date is not null

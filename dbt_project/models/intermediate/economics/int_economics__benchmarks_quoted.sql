-- What nothing here can be held against says why.
select
    code,
    low,
    high,
    unit,
    quality,
    seed_ref,
    note as reading,
    case
        when unit = 'USD' then 'in another trade and currency: only the ratio is compared'
        when code like 'mkt_26%' then 'a figure of other firms: nothing here answers to it'
        when code like 'mkt_01%' then 'told by year in rpt_market_coverage'
        when code like 'mkt_04%' then 'told by period in mart_brand'
        when code like 'mkt_08%' then 'told by market in mart_market'
        when code like 'mkt_09%' then 'told by market in rpt_expansion'
    end as unmeasured_reason
from {{ ref('ref_benchmarks') }}
where
    -- What a system is said to bring has its own report, rpt_crm_benefits.
    (code like 'econ_%' and code not like 'econ_21%')
    or code like 'mkt_01%'
    or code like 'mkt_03%'
    or code like 'mkt_04%'
    or code like 'mkt_08%'
    or code like 'mkt_09%'
    or code like 'mkt_26%'

-- Rows that tell something of a customer, by how they were got. What consents say of themselves
-- goes before the list; a prospect whom a partner named comes from that partner.
with collected as (
    select
        'pos_sales' as feed,
        channel as method,
        cast(null as string) as stated_mode,
        cast(null as string) as source_name,
        cast(null as string) as basis,
        sum(identified_lines) as row_count
    from {{ ref('int_sales__product_months_summarised') }}
    where identified_lines > 0
    group by channel
    union all
    select
        'survey_responses' as feed,
        coalesce(survey_mode, 'not stated') as method,
        null as stated_mode,
        null as source_name,
        null as basis,
        1 as row_count
    from {{ ref('stg_surveys__responses') }}
    union all
    select
        'complaints' as feed,
        coalesce(channel, 'not stated') as method,
        null as stated_mode,
        null as source_name,
        null as basis,
        1 as row_count
    from {{ ref('stg_complaints__complaints') }}
    union all
    select
        'customers' as feed,
        coalesce(source_channel, 'not stated') as method,
        null as stated_mode,
        null as source_name,
        null as basis,
        1 as row_count
    from {{ ref('int_customers__contacts_removed') }}
    union all
    select
        'ref_interactions' as feed,
        channel as method,
        null as stated_mode,
        null as source_name,
        null as basis,
        1 as row_count
    from {{ ref('stg_reference__interactions') }}
    union all
    select
        'ref_feedback' as feed,
        coalesce(method, case when platform is not null then 'post' else 'suggestion' end)
            as method,
        null as stated_mode,
        platform as source_name,
        'public' as basis,
        1 as row_count
    from {{ ref('stg_reference__feedback') }}
    union all
    select
        'ref_prospects' as feed,
        case
            when partner_id is not null then 'partner'
            else coalesce(search_method, 'not stated')
        end as method,
        null as stated_mode,
        partner_id as source_name,
        null as basis,
        1 as row_count
    from {{ ref('stg_reference__prospects') }}
    union all
    select
        'ref_consents' as feed,
        purpose as method,
        collection_mode as stated_mode,
        source_name,
        basis,
        1 as row_count
    from {{ ref('stg_reference__consents') }}
)

select
    collected.feed,
    collected.method,
    coalesce(
        collected.stated_mode, exactly.collection_mode, generally.collection_mode
    ) as collection_mode,
    sum(collected.row_count) as row_count,
    sum(case when collected.source_name is null then collected.row_count else 0 end)
        as rows_without_source,
    sum(case when collected.basis is null then collected.row_count else 0 end)
        as rows_without_basis
from collected
left join {{ ref('ref_collection_modes') }} as exactly
    on collected.feed = exactly.feed and collected.method = exactly.method
left join {{ ref('ref_collection_modes') }} as generally
    on collected.feed = generally.feed and generally.method = 'any'
group by
    collected.feed,
    collected.method,
    coalesce(collected.stated_mode, exactly.collection_mode, generally.collection_mode)

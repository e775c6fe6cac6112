-- What the customer says goes before what the receipts suggest. Equal means go by name.
with stated as (
    select
        answers.customer_id,
        map.focus,
        count(*) as answers,
        cast(sum(answers.score_100) as double) / count(*) as importance_100
    from {{ ref('int_surveys__identities_removed') }} as answers
    inner join {{ ref('ref_focus_elements') }} as map
        on answers.value_element = map.value_element
    where
        answers.customer_id is not null
        and answers.dimension = 'importance'
        and answers.subject = 'own'
        and answers.score_100 is not null
    group by answers.customer_id, map.focus
),

strongest as (
    select
        *,
        row_number() over (
            partition by customer_id
            order by importance_100 desc, focus asc
        ) as place
    from stated
),

receipts as (
    select
        sales.customer_id,
        sales.store_id,
        sales.receipt_id,
        max(case when sales.discount > 0 then 1 else 0 end) as is_discounted
    from {{ ref('int_sales__lines_kept') }} as sales
    cross join {{ ref('int_grading__rules_stated') }} as rules
    where
        sales.customer_id is not null
        and not sales.is_refund
        and sales.business_date
        > {{ add_days('rules.as_of', '-cast(rules.preference_window_days as integer)') }}
    group by sales.customer_id, sales.store_id, sales.receipt_id
),

bought as (
    select
        customer_id,
        count(*) as receipts,
        sum(is_discounted) as discounted,
        cast(sum(is_discounted) as double) / count(*) as discounted_share
    from receipts
    group by customer_id
)

select
    coalesce(strongest.customer_id, bought.customer_id) as customer_id,
    bought.discounted_share as discounted_receipt_share,
    case
        when strongest.focus is not null then strongest.focus
        when bought.discounted_share >= rules.focus_discounted_share_min then 'price'
    end as value_focus,
    case
        when strongest.focus is not null
            then
                'survey: importance '
                || cast(cast(strongest.importance_100 as decimal(5, 1)) as string)
                || ' of 100 in ' || cast(strongest.answers as string) || ' answer(s)'
        when bought.discounted_share >= rules.focus_discounted_share_min
            then
                'behavioural: ' || cast(bought.discounted as string) || ' of '
                || cast(bought.receipts as string) || ' receipts discounted'
        else
            'no data: importance not asked, ' || cast(bought.discounted as string) || ' of '
            || cast(bought.receipts as string) || ' receipts discounted'
    end as value_focus_basis
from (
    select * from strongest
    where place = 1
) as strongest
full outer join bought on strongest.customer_id = bought.customer_id
cross join {{ ref('int_grading__rules_stated') }} as rules

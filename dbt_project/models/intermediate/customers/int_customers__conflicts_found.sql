with ranked as (
    select
        stated.customer_id,
        stated.attribute,
        stated.feed,
        stated.stated_value,
        sources.department,
        sources.precedence,
        row_number() over (
            partition by stated.customer_id, stated.attribute
            order by sources.precedence asc, stated.feed asc
        ) as place
    from {{ ref('int_customers__attributes_stated') }} as stated
    inner join {{ ref('int_customers__sources_ranked') }} as sources
        on stated.attribute = sources.attribute and stated.feed = sources.feed
)

select
    losers.customer_id,
    losers.attribute,
    losers.feed,
    losers.department,
    losers.stated_value,
    winners.feed as winning_feed,
    winners.department as winning_department,
    winners.stated_value as winning_value,
    winners.precedence as winning_precedence,
    losers.precedence
from ranked as losers
inner join ranked as winners
    on
        losers.customer_id = winners.customer_id
        and losers.attribute = winners.attribute
        and winners.place = 1
where losers.stated_value <> winners.stated_value

{% set feeds = [
    ('pos', 'pos_sales', 'net_amount'),
    ('surveys', 'survey_responses', 'null'),
    ('complaints', 'complaints', 'null'),
    ('complaints', 'complaint_events', 'null'),
    ('reference', 'customers', 'null'),
    ('reference', 'products', 'null'),
    ('reference', 'stores', 'null'),
] %}

{% for source_name, feed, amount in feeds %}
select
    '{{ feed }}' as feed,
    load_id,
    file_row,
    row_hash,
    cast({{ amount }} as decimal(18, 2)) as net_amount
from {{ source(source_name, feed) }}
{% if not loop.last %}union all{% endif %}
{% endfor %}

-- What staging cleans, as it was delivered: codes lose their case besides, and aliases of a domain
-- are replaced further on.
{% set texts = [
    ('pos', 'pos_sales', 'channel', 'code', none),
    ('surveys', 'survey_responses', 'dimension', 'code', 'dimension'),
    ('surveys', 'survey_responses', 'mode', 'code', none),
    ('surveys', 'survey_responses', 'trigger', 'code', none),
    ('surveys', 'survey_responses', 'product_series', 'text', 'series'),
    ('complaints', 'complaints', 'channel', 'code', none),
    ('complaints', 'complaints', 'type', 'code', none),
    ('complaints', 'complaints', 'cause', 'code', none),
    ('complaints', 'complaints', 'complexity', 'code', none),
    ('complaints', 'complaints', 'city', 'text', 'city'),
    ('reference', 'customers', 'city', 'text', 'city'),
    ('reference', 'products', 'series', 'text', 'series'),
    ('reference', 'products', 'role', 'code', none),
    ('reference', 'ref_consents', 'channel', 'code', none),
    ('reference', 'ref_prospects', 'source_channel', 'code', none),
    ('reference', 'ref_spend', 'channel', 'code', none),
    ('reference', 'ref_feedback', 'platform', 'code', none),
] %}
{% for source_name, feed, column, kind, domain in texts %}
select
    '{{ feed }}' as feed,
    load_id,
    file_row,
    '{{ column }}' as column_name,
    {{ "'" ~ domain ~ "'" if domain else 'cast(null as string)' }} as alias_domain,
    {{ column }} as delivered_value,
    {{ half_width(column) }} as half_width_value,
    {{ clean_text(column) }} as trimmed_value,
    {{ clean_code(column) if kind == 'code' else clean_text(column) }} as cleaned_value
from {{ source(source_name, feed) }}
where {{ column }} is not null
{% if not loop.last %}union all{% endif %}
{% endfor %}

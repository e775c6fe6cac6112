-- A feed's key in the order of its contract, and what tells its rows' versions, place and time.
{% set feeds = [
    {
        'source': 'pos', 'feed': 'pos_sales',
        'key': ['store_id', 'receipt_id', 'line_no'],
        'at': 'sold_at', 'store_id': 'store_id', 'updated_at': 'updated_at',
        'net_amount': 'net_amount',
    },
    {
        'source': 'surveys', 'feed': 'survey_responses',
        'key': ['wave_id', 'response_id', 'question_code'],
        'at': 'responded_at', 'store_id': 'store_id', 'updated_at': 'updated_at',
    },
    {
        'source': 'complaints', 'feed': 'complaints',
        'key': ['complaint_id'],
        'at': 'received_at', 'store_id': 'store_id', 'updated_at': 'updated_at',
    },
    {
        'source': 'complaints', 'feed': 'complaint_events',
        'key': ['complaint_id', 'step', '"at"'],
        'at': '"at"', 'at_is_utc': 'at_is_utc', 'complaint_id': 'complaint_id',
    },
    {
        'source': 'reference', 'feed': 'customers',
        'key': ['customer_id'], 'updated_at': 'updated_at',
    },
    {'source': 'reference', 'feed': 'products', 'key': ['product_code']},
    {'source': 'reference', 'feed': 'stores', 'key': ['store_id']},
] %}
{% set drops = {
    'ref_access_policy': ['role', 'object'],
    'ref_agreements': ['agreement_id'],
    'ref_brand': ['period', 'period_kind', 'region', 'measure', 'source_name'],
    'ref_campaigns': ['campaign_id'],
    'ref_channels': ['channel'],
    'ref_competitors': ['fact_id'],
    'ref_complaint_map': ['type', 'about'],
    'ref_consents': ['customer_id', 'purpose', 'channel', 'given_at'],
    'ref_crisis_plans': ['record_id'],
    'ref_feedback': ['feedback_id'],
    'ref_finance': ['period', 'period_kind', 'store_id', 'account', 'item'],
    'ref_fx': ['rate_date', 'currency', 'to_currency'],
    'ref_improvements': ['improvement_id'],
    'ref_information_needs': ['need_id'],
    'ref_interactions': ['interaction_id'],
    'ref_lifecycle_map': ['stage5', 'reactivated'],
    'ref_market': ['period', 'period_kind', 'region', 'product_line', 'topic', 'source_name'],
    'ref_members': ['customer_id', 'period', 'period_kind'],
    'ref_partners': ['record_id'],
    'ref_pestel': ['review_id', 'factor', 'item_no'],
    'ref_plans': ['plan_id', 'milestone_no'],
    'ref_positioning': ['segment', 'valid_from'],
    'ref_prospects': ['prospect_id'],
    'ref_questionnaire': ['wave_id', 'question_code'],
    'ref_read_receipts': ['report', 'report_date', 'page_no', 'reader_id'],
    'ref_retention': ['data_group', 'valid_from'],
    'ref_risk_plans': ['plan_id'],
    'ref_risks': ['risk_id'],
    'ref_spend': ['spend_id'],
    'ref_staff': ['record_id'],
    'ref_stage_policy': ['lifecycle', 'stage', 'action'],
    'ref_swot': ['review_id', 'quadrant', 'item_no'],
    'ref_targets': ['target_id'],
    'ref_training': ['course_id', 'staff_id', 'held_date'],
} %}
{% for drop, key in drops.items() %}
{% do feeds.append({
    'source': 'reference', 'feed': drop, 'key': key, 'updated_at': 'updated_at',
}) %}
{% endfor %}

{% for feed in feeds %}
{% set at_is_utc = feed.at ~ '_is_utc' if feed.at else 'null' %}
{% set key = [] %}
{% for column in feed.key %}
{% do key.append('cast(' ~ column ~ ' as string)') %}
{% endfor %}
select
    '{{ feed.feed }}' as feed,
    load_id,
    file_row,
    {{ key | join(" || '|' || ") }} as row_key,
    row_hash,
    exported_at,
    cast({{ feed.updated_at or 'null' }} as timestamp) as updated_at,
    cast({{ feed.at or 'null' }} as timestamp) as occurred_at,
    cast({{ feed.at_is_utc or at_is_utc }} as boolean) as occurred_at_is_utc,
    {{ feed.store_id or 'null' }} as store_id,
    {{ feed.complaint_id or 'null' }} as complaint_id,
    cast({{ feed.net_amount or 'null' }} as decimal(18, 2)) as net_amount
from {{ source(feed.source, feed.feed) }}
{% if not loop.last %}union all{% endif %}
{% endfor %}

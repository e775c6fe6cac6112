-- A table: words are looked for in every text.
{{ config(materialized='table') }}

-- Each version of the rules labels what was said before the next version came, and keeps its label
-- for the days on which it held. English words count whole, Chinese ones wherever they stand.
with versions as (
    select
        rule_version,
        valid_from,
        lead(valid_from, 1, cast('9999-12-31' as date)) over (order by rule_version asc)
            as valid_before
    from (
        select
            rule_version,
            min(valid_from) as valid_from
        from {{ ref('ref_feedback_terms') }}
        group by rule_version
    ) as dated
),

texts as (
    select
        items.feedback_id,
        items.captured_date,
        lower(texts.verbatim_redacted) as zh_text,
        ' '
        || {{ replace_pattern('lower(texts.verbatim_redacted)', '[^a-z0-9]+', ' ') }}
        || ' ' as en_text
    from {{ ref('int_feedback__items_gathered') }} as items
    inner join {{ ref('int_feedback__texts_gathered') }} as texts
        on items.feedback_id = texts.feedback_id
),

matched as (
    select
        texts.feedback_id,
        terms.rule_version,
        terms.label_kind,
        terms.label,
        min(terms.label_zh) as label_zh,
        min(terms.priority) as priority,
        {{ text_list('terms.term', '; ', 'terms.term') }} as matched_terms
    from texts
    inner join {{ ref('ref_feedback_terms') }} as terms
        on
            case terms.language
                when 'zh' then {{ text_position('terms.term', 'texts.zh_text') }}
                else {{ text_position("' ' || terms.term || ' '", 'texts.en_text') }}
            end > 0
    group by texts.feedback_id, terms.rule_version, terms.label_kind, terms.label
),

ranked as (
    select
        *,
        row_number() over (
            partition by feedback_id, rule_version, label_kind
            order by priority asc, label asc
        ) as label_no
    from matched
)

select
    texts.feedback_id,
    cast(versions.rule_version as integer) as rule_version,
    greatest(texts.captured_date, versions.valid_from) as labelled_from,
    versions.valid_before as labelled_before,
    coalesce(topics.label, 'other') as content_tag,
    coalesce(topics.label_zh, '其他') as content_tag_zh,
    topics.matched_terms as topic_terms,
    urgent.label as urgent_label,
    urgent.matched_terms as urgent_terms
from texts
cross join {{ ref('int_build__context_stated') }} as context
inner join versions
    on
        texts.captured_date < versions.valid_before
        and context.as_of >= versions.valid_from
left join ranked as topics
    on
        texts.feedback_id = topics.feedback_id
        and versions.rule_version = topics.rule_version
        and topics.label_kind = 'topic'
        and topics.label_no = 1
left join ranked as urgent
    on
        texts.feedback_id = urgent.feedback_id
        and versions.rule_version = urgent.rule_version
        and urgent.label_kind = 'urgent'
        and urgent.label_no = 1

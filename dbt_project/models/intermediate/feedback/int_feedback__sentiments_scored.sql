-- A table: every text is searched for every word.
{{ config(materialized='table') }}

-- What the platform or the listener told goes first; where nobody did, the mean weight of the words
-- found, turned round where a negation stands right before one. A text is scored once, by the list
-- that held on its day: a later list changes no old figure. English words count whole (spaces are
-- doubled, so that neighbours do not share one), all others wherever they stand.
{% set found =
    "cast((length(texts.{0}) - length(replace(texts.{0}, {1}, ''))) / length({1}) as integer)"
%}

with versions as (
    select
        list_version,
        valid_from,
        lead(valid_from, 1, cast('9999-12-31' as date)) over (order by list_version asc)
            as valid_before
    from (
        select
            list_version,
            min(valid_from) as valid_from
        from {{ ref('ref_sentiment_terms') }}
        group by list_version
    ) as dated
),

texts as (
    select
        items.feedback_id,
        versions.list_version,
        lower(words.verbatim_redacted) as any_text,
        ' '
        || replace(
            trim({{ replace_pattern('lower(words.verbatim_redacted)', '[^a-z0-9]+', ' ') }}),
            ' ',
            '  '
        )
        || ' ' as en_text
    from {{ ref('int_feedback__items_gathered') }} as items
    inner join {{ ref('int_feedback__texts_gathered') }} as words
        on items.feedback_id = words.feedback_id
    inner join versions
        on
            items.captured_date >= versions.valid_from
            and items.captured_date < versions.valid_before
    where items.sentiment is null
),

terms as (
    select
        words.list_version,
        words.term,
        words.language,
        words.weight,
        case words.language
            when 'en' then ' ' || replace(words.term, ' ', '  ') || ' '
            else words.term
        end as pattern,
        case words.language
            when 'en'
                then
                    ' ' || replace(negations.term, ' ', '  ') || '  '
                    || replace(words.term, ' ', '  ') || ' '
            else negations.term || words.term
        end as negated_pattern
    from {{ ref('ref_sentiment_terms') }} as words
    left join {{ ref('ref_sentiment_terms') }} as negations
        on
            words.list_version = negations.list_version
            and words.language = negations.language
            and negations.term_kind = 'negation'
    where words.term_kind = 'word'
),

matched as (
    select
        texts.feedback_id,
        texts.list_version,
        terms.term,
        terms.language,
        max(terms.weight) as weight,
        max(
            case terms.language
                when 'en' then {{ found.format('en_text', 'terms.pattern') }}
                else {{ found.format('any_text', 'terms.pattern') }}
            end
        ) as times_found,
        sum(
            case
                when terms.negated_pattern is null then 0
                when terms.language = 'en'
                    then {{ found.format('en_text', 'terms.negated_pattern') }}
                else {{ found.format('any_text', 'terms.negated_pattern') }}
            end
        ) as times_negated
    from texts
    inner join terms
        on
            texts.list_version = terms.list_version
            and case terms.language
                when 'en' then {{ text_position('terms.pattern', 'texts.en_text') }}
                else {{ text_position('terms.pattern', 'texts.any_text') }}
            end > 0
    group by texts.feedback_id, texts.list_version, terms.term, terms.language
),

scored as (
    select
        feedback_id,
        list_version,
        cast(sum(weight * (times_found - 2 * times_negated)) as double)
        / sum(times_found) as score,
        {{ text_list('term', '; ', 'term') }} as sentiment_terms
    from matched
    group by feedback_id, list_version
)

select
    items.feedback_id,
    coalesce(items.sentiment, cast(scored.score as decimal(4, 3))) as sentiment,
    case
        when items.sentiment is not null then 'delivered'
        when scored.score is not null then 'word list'
        when texts.feedback_id is not null then 'no data: no known word'
        else 'no data: no words'
    end as sentiment_basis,
    cast(scored.list_version as integer) as sentiment_version,
    scored.sentiment_terms
from {{ ref('int_feedback__items_gathered') }} as items
left join texts on items.feedback_id = texts.feedback_id
left join scored on items.feedback_id = scored.feedback_id

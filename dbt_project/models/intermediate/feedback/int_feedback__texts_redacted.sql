-- Numbers long enough for a phone, a card or an identity document, and addresses with an at sign;
-- digits may be parted by blanks, dots or hyphens and may be full width.
select
    feedback_id,
    {{ replace_pattern(
        replace_pattern('verbatim', '[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+', '[email]'),
        '[0-9０-９]([ .()-]{0,2}[0-9０-９]){6,}',
        '[number]'
    ) }} as verbatim_redacted
from {{ ref('int_feedback__texts_gathered') }}

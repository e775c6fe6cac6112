-- An aggregate, so that there is a row even before the first build is described.
select
    max(as_of) as as_of,
    max(known_at) as known_at,
    max(chain_timezone) as chain_timezone,
    max(chain_currency) as chain_currency,
    max(code_version) as code_version
from {{ source('lake', 'build') }}

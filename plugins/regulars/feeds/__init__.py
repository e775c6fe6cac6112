"""From a delivered file to typed, checked rows in the lake: contract, reader, checks, ledger."""

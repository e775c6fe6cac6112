"""People's data: classes, keys, tokens, the vault, redaction, the archive and erasure."""

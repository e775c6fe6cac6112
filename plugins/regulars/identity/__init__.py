"""Who is who: linkage of member records by what their tokens tell (docs/adr/0012)."""

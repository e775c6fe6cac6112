"""Model fits that SQL cannot do well: pure functions, arrays or frames in, frames out."""

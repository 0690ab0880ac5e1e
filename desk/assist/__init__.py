"""What helps an agent: pure functions over what was said; they know no Redis, no HTTP and no clock."""

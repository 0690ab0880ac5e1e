"""The index that grows with its base: exact while small, by lists with exact scores when large."""

"""A sample order system: what a company already has, small, over HTTP, with its own database."""

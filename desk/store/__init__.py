"""The only place that knows Redis: keys, scripts and connections."""

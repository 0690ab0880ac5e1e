"""The company's own systems, asked over HTTP: orders."""

"""The company's own systems, asked over HTTP: orders, what follows them, cards."""

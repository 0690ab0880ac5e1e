"""The knowledge server: the HTTP door to encoder and articles; private, never reached by customers."""

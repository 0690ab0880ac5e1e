"""The encoders that come in packages, and how two of them are joined in one vector."""

"""The command: `run` (supervisor, embedded server), `doctor`, `train`, `check`, `agents`; imports every room."""

__version__ = "0.1.0"

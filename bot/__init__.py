"""All that runs inside Rasa: the door to it, the turn, the components, the flows (Python 3.10, one process, private)."""

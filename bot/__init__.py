"""All that runs inside Rasa: the door, the turn, the components, the flows (Python 3.10, one private process)."""

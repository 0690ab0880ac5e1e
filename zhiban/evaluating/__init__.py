"""How well Zhiban understands: retrieval and intents measured beside baselines, written as one report."""

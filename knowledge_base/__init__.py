"""Articles and how they are found: encoder, index, calibrated confidence, and the knowledge server with its light client."""

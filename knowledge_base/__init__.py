"""Articles and how they are found: encoder, index, calibrated confidence; the knowledge server and its light client."""

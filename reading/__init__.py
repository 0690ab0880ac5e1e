"""What one message tells: normalised text, script, language, personal data and mood; pure functions only."""

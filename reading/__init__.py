"""What one message tells: normalised text, script, language, personal data and mood; pure functions, no network and no store."""

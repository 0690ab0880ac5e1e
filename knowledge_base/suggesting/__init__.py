"""Replies that may serve an agent: articles, macros, and what agents answered in similar situations."""

"""A second look at questions that search is not sure of: a cross-encoder reads question and article together."""

"""Articles from files and into files: read and checked, compared with the base, switched in at one moment, exported."""

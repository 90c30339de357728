"""Everything that is remembered: jobs, their pictures, events, drafts and the search over them, in one SQLite file."""

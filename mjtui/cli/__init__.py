"""The command line: one small module per group of commands, each imported when one of them runs."""

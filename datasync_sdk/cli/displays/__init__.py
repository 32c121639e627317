"""How the progress of an execution is shown: bars in a terminal, lines in a log, JSON for programs."""

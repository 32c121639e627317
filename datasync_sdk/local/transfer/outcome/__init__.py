"""What happened: counted, timed, judged, and told to reports."""

"""The version of this SDK; the project's metadata take it from here."""

VERSION = "0.1.0"

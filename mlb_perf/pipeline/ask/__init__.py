"""The typed questions of an application."""

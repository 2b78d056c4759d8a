"""Running the server: listening, TLS, signals, the commands of `python -m server`."""

from server.serving.commands import main

__all__ = ["main"]

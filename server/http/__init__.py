"""HTTP: reading requests within bounds, routes, replies, the event stream."""

from server.http.app import Application, create_app
from server.http.bodies import SLOWEST
from server.http.gate import host_names

__all__ = ["SLOWEST", "Application", "create_app", "host_names"]

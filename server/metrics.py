"""Figures for Prometheus: counts and durations, by route and status; no names, no ids."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0)


class Figures:
    """One registry for each application, so that several can live in one process (tests)."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.requests = Counter(
            "tacit_requests", "Requests answered", ["route", "status"], registry=self._registry
        )
        self.refusals = Counter("tacit_refusals", "Error replies", ["code"], registry=self._registry)
        self.seconds = Histogram(
            "tacit_request_seconds", "Time to answer", ["route"], buckets=BUCKETS, registry=self._registry
        )
        self.received = Counter("tacit_received_bytes", "Bytes of bodies received", registry=self._registry)
        self.sent = Counter("tacit_sent_bytes", "Bytes of bodies sent", registry=self._registry)
        self.commits = Counter("tacit_commits", "Commits placed", registry=self._registry)
        self.streams = Gauge("tacit_event_streams", "Event streams open", registry=self._registry)
        self.open_workspaces = Gauge("tacit_open_workspaces", "Workspaces in memory", registry=self._registry)

    def text(self) -> bytes:
        """The exposition format."""
        return generate_latest(self._registry)

"""Rates: requests a minute of an address, of a session, and of an address at the door (accounts, logins)."""

from __future__ import annotations

from limits import RateLimitItem, RateLimitItemPerDay, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from server.errors import RateLimited
from server.settings import Bounds


class Rates:
    """Counts in memory; a restart begins anew. Refused logins are counted in the database, see `accounts.login`."""

    def __init__(self, bounds: Bounds) -> None:
        self._storage = MemoryStorage()
        self._limiter = FixedWindowRateLimiter(self._storage)
        self._address = RateLimitItemPerMinute(bounds.address_requests, namespace="address")
        self._session = RateLimitItemPerMinute(bounds.session_requests, namespace="session")
        self._door = RateLimitItemPerMinute(bounds.sign_in_requests, namespace="door")
        self._accounts = RateLimitItemPerDay(bounds.accounts_a_day, namespace="accounts")
        self._recoveries = RateLimitItemPerDay(bounds.recoveries_a_day, namespace="recoveries")

    def address(self, address: str) -> None:
        self._hit(self._address, address)

    def session(self, session: bytes) -> None:
        self._hit(self._session, session.hex())

    def door(self, address: str) -> None:
        self._hit(self._door, address)

    def new_account(self, address: str) -> None:
        self._hit(self._accounts, address)

    def new_recovery(self, address: str) -> None:
        self._hit(self._recoveries, address)

    def _hit(self, item: RateLimitItem, who: str) -> None:
        if not self._limiter.hit(item, who):
            raise RateLimited("too many requests", item.get_expiry())

"""Objects that hold a secret and do not show it.

Python cannot wipe memory: `bytes` are immutable, copied freely by the interpreter, the allocator and the
libraries, and a dropped reference only makes them collectable. So nothing here pretends to zero anything.
What is promised instead: a secret is held in as few objects as possible, they are dropped on lock, and no
accident shows them: `repr`, `str` and `format` give the class's name only, and pickling is refused.
THREAT_MODEL.md says that an unlocked, compromised computer is out of scope.
"""

from __future__ import annotations

import hmac
from typing import NoReturn, SupportsIndex


class Hidden:
    """Base of every class that holds a secret: `repr` hides it, pickling raises TypeError, copies are the
    same object, comparison takes the same time wherever the difference is."""

    __slots__ = ()

    def _secret(self) -> bytes:
        """The bytes by which two of these are compared."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"

    __str__ = __repr__

    def __format__(self, specification: str) -> str:
        return format(repr(self), specification)

    def __reduce_ex__(self, protocol: SupportsIndex) -> NoReturn:
        raise TypeError(f"{type(self).__name__} holds a secret and is not pickled")

    def __copy__(self) -> Hidden:
        return self

    def __deepcopy__(self, memo: object) -> Hidden:
        return self

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self) or not isinstance(other, Hidden):
            return NotImplemented
        return hmac.compare_digest(self._secret(), other._secret())

    def __hash__(self) -> int:
        return hash((type(self), self._secret()))

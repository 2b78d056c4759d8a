"""Recovery with colleagues' help: k of n trustees together give a member his identity back (SPEC, "Recovery").

`enrolling` is the member's side, `trusting` a trustee's, `regaining` that of the new computer. No network here, and
of the roster only what is verified.
"""

from vault.recovery.enrolling import Enrolling, RenewalReason, TrusteeState
from vault.recovery.errors import (
    NotEnough,
    NotEnrolled,
    NotReleased,
    RecoveryError,
    RecoveryReturned,
    RecoveryUntrue,
    RecoveryUsed,
    ShareUnusable,
)
from vault.recovery.regaining import Collected, Recovered, RecoveryRequest, recover
from vault.recovery.trusting import Asked, HeldFor, Trusting

__all__ = [
    "Asked",
    "Collected",
    "Enrolling",
    "HeldFor",
    "NotEnough",
    "NotEnrolled",
    "NotReleased",
    "Recovered",
    "RecoveryError",
    "RecoveryRequest",
    "RecoveryReturned",
    "RecoveryUntrue",
    "RecoveryUsed",
    "RenewalReason",
    "ShareUnusable",
    "TrusteeState",
    "Trusting",
    "recover",
]

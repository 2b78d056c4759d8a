"""The stable codes of refusals: one for each rule, so that tests, vectors, journals and words for people agree.

`RosterCode` stands in `RosterRefused.code`, `CommitCode` in `CommitRefused.code`. The rules are numbered in
`protocol/SPEC.md`. A code never changes its meaning.
"""

from __future__ import annotations

import enum


class RosterCode(enum.StrEnum):
    """Why a roster entry is not valid in the state before it."""

    # the chain
    WORKSPACE = "workspace"  # the entry is another workspace's
    POSITION = "position"  # does not follow the head
    PREVIOUS = "previous"  # names another entry before it
    GENESIS = "genesis"  # a genesis that is not first, or something else that is
    # the author
    AUTHOR_UNKNOWN = "author-unknown"
    AUTHOR_REVOKED = "author-revoked"
    AUTHOR_INACTIVE = "author-inactive"
    AUTHOR_OTHER = "author-other"  # the operation has to be another device's or member's
    NOT_ADMIN = "not-admin"
    NOT_OWNER = "not-owner"
    NOT_MANAGER = "not-manager"  # neither admin nor holder of MANAGE_GROUP there
    OWN_GRANT = "own-grant"  # a gain for the author himself, without an owner's signature
    COSIGNER = "cosigner"  # missing, not entitled, or given where none belongs
    # members and invitations
    MEMBER_EXISTS = "member-exists"
    MEMBER_UNKNOWN = "member-unknown"
    MEMBER_STATUS = "member-status"  # gone, not yet in, or already as asked
    LAST_OWNER = "last-owner"
    NO_CHANGE = "no-change"
    INVITATION_EXISTS = "invitation-exists"
    INVITATION_UNKNOWN = "invitation-unknown"
    INVITATION_CLOSED = "invitation-closed"  # joined, confirmed, expired, or dead with its author's right
    # keys
    KEY_REUSED = "key-reused"
    DEVICE_EXISTS = "device-exists"
    DEVICE_UNKNOWN = "device-unknown"
    DEVICE_GONE = "device-gone"  # revoked already
    # roles, groups, grants, tree, policies
    ROLE_UNKNOWN = "role-unknown"
    ROLE_ACCESS = "role-access"
    GROUP_EXISTS = "group-exists"
    GROUP_UNKNOWN = "group-unknown"
    GRANT_EXISTS = "grant-exists"
    GRANT_UNKNOWN = "grant-unknown"
    GRANTS_EMPTY = "grants-empty"
    CYCLE = "cycle"
    POLICY = "policy"  # unknown key, or a value that it cannot have
    GROUP_SMALL = "group-small"  # what a small group cannot have, or is not the author's to give
    # support, recovery, branches
    SUPPORT_OFF = "support-off"  # the policy does not let support in
    SUPPORT = "support"  # what a support member cannot do or have
    RECOVERY = "recovery"  # a threshold or trustees that cannot be
    RECOVERY_TRUSTEE = "recovery-trustee"  # the author is no trustee in the member's present enrolment
    ADOPT = "adopt"  # branches that cannot be, or not this roster's
    # cuts
    CUT = "cut"  # not in order, twice, or a position and hash that cannot be
    CUT_LOG = "cut-log"  # a log that does not exist or that this entry takes nothing from


class CommitCode(enum.StrEnum):
    """Which rule of a log the header of a commit breaks."""

    WORKSPACE = "workspace"
    LOG = "log"  # the header is another log's
    LOG_UNKNOWN = "log-unknown"
    RESERVED = "reserved"
    COUNTER = "counter"
    PREVIOUS = "previous"
    SEEN_POSITION = "seen-position"
    SEEN_CHAIN = "seen-chain"
    AUTHOR_UNKNOWN = "author-unknown"
    AUTHOR_REVOKED = "author-revoked"
    ROSTER_BACK = "roster-back"  # names an older roster position than the commit before it
    ROSTER_AHEAD = "roster-ahead"  # names a position that is not known here (yet)
    ROSTER_HASH = "roster-hash"  # names another roster: a fork
    NOT_WRITER = "not-writer"
    STALE = "stale"
    GENERATION = "generation"
    FIRST_ROTATE = "first-rotate"  # a log begins with a rotate of generation 1
    CARRIED = "carried-generation"
    NUMBER_LOG = "number-log"  # numbers are counted in catalogues only
    CUT_OFF = "cut-off"  # inside: later than where the author's commits end (SPEC, section 12)

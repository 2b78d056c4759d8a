"""Try it with sample data: a workspace of one's own on a server of one's own, both in one profile folder.

    <profile>/server     the embedded server's data; its being there marks a profile as a trial
    <profile>/trial.key  the Secret Key, where the computer has no keychain (nothing in a trial is secret)

The server listens on a port that the system chose. When it is taken at a later start another one is chosen, and the
profile follows.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from app.crm import Draft, SampleSize, sample
from app.desk.desk import Desk
from app.desk.embedded import EmbeddedServer
from app.desk.errors import ServerDidNotStart
from app.desk.new_profile import Place
from app.desk.setup import MakeWorkspace, NewDesk, make_workspace
from vault.profile import FileKeychain, Keychain, Profile, new_profile_folder
from vault.store import Query

SERVER_FOLDER = "server"
KEY_FILE = "trial.key"
HANDLE = "trial"
BATCH = 40

Tell = Callable[[str, int, int], None]
"""Words, done, total; may raise to stop."""


@dataclass(frozen=True)
class Trial:
    """A trial's open desk and the server that it needs; stop the server after the desk was locked."""

    new: NewDesk
    server: EmbeddedServer


@dataclass(frozen=True)
class TryOut:
    """What somebody who tries it fills in."""

    my_name: str
    password: str
    workspace_name: str = "Sample workspace"
    size: SampleSize = SampleSize()  # noqa: RUF009 - frozen


def is_trial(profile: Path) -> bool:
    """Whether a profile has a server of its own."""
    return (profile / SERVER_FOLDER).is_dir()


def trial_keychain(profile: Path, system: Keychain | None) -> Keychain:
    """Where a trial's Secret Key is."""
    file = profile / KEY_FILE
    return FileKeychain(file) if system is None or file.exists() else system


def make_trial(wanted: TryOut, system: Keychain | None, tell: Tell, folder: Path | None = None) -> Trial:
    """A server, a workspace and its sample records (slow). Whatever stops it leaves nothing behind.

    Raises ServerDidNotStart, SyncError, VaultError, and what `tell` raises.
    """
    place = folder or new_profile_folder()
    server = EmbeddedServer(place / SERVER_FOLDER)
    desk: Desk | None = None
    keychain = trial_keychain(place, system)
    try:
        tell("Starting a server on this computer", 0, 0)
        origin = server.start()
        new = make_workspace(
            MakeWorkspace(origin, HANDLE, wanted.password, wanted.workspace_name, wanted.my_name),
            Place(keychain, place),
            lambda text: tell(text, 0, 0),
        )
        desk = new.desk
        fill_with_sample(desk, wanted.size, tell)
    except BaseException:
        if desk is not None:
            profile = desk.profile.id
            desk.lock()
            keychain.remove(profile)
        server.stop()
        shutil.rmtree(place, ignore_errors=True)
        raise
    return Trial(new, server)


def fill_with_sample(desk: Desk, size: SampleSize, tell: Tell) -> None:
    """Write sample records into the first group, in small actions."""
    team = desk.team()
    writer = desk.writer(team.groups[0].id)
    drafts = list(sample(size))
    pipeline = next(draft for draft in drafts if draft.type == "pipeline")
    own = next(record.key.ref for record in desk.records.each(Query("pipeline")))
    kept = [_with_pipeline(draft, pipeline.record, own) for draft in drafts if draft is not pipeline]
    for start in range(0, len(kept), BATCH):
        tell("Filling the workspace", start, len(kept))
        writer.write(kept[start : start + BATCH])
    tell("Filling the workspace", len(kept), len(kept))


def _with_pipeline(draft: Draft, sampled: str, own: str) -> Draft:
    """The same draft on the pipeline that the workspace has already."""
    if sampled not in draft.fields.values():
        return draft
    fields = {name: own if value == sampled else value for name, value in draft.fields.items()}
    return Draft(draft.type, draft.key, fields, draft.group, draft.record)


def start_server_of(profile: Path) -> EmbeddedServer:
    """Start a trial's server again (slow), before its desk is unlocked. Raises ServerDidNotStart, ProfileError."""
    server = EmbeddedServer(profile / SERVER_FOLDER)
    with Profile.open(profile) as opened:
        port = urlsplit(opened.server).port or 0
        with suppress(ServerDidNotStart):
            server.start(port)
            return server
        opened.change_server(server.start())
    return server

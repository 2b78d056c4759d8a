"""Files that hang on records: sealed on this desk, kept sealed, uploaded when the server answers, fetched when opened.

    <profile>/files/<file id>/<index>    sealed chunks, as the server keeps them
    <profile>/files/<file id>/upload     the log (66 hex digits): there while chunks still have to be uploaded

A file is attached when its chunks and its record are on this disk, with or without a server. Its key stands in
the record, so whoever reads the record reads the file, and nobody else.
"""

from __future__ import annotations

import mimetypes
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from app.crm.schema import FILE
from app.desk.errors import DeskError
from app.desk.server_account import ServerAccount
from protocol.access import level
from protocol.ids import Level, LogId
from sync_client import CancelToken, ServerRefused
from vault import Vault
from vault.exchange import Accepted, ServerRestored
from vault.keys.files import chunk_count, new_file_id, new_file_key, open_file, seal_file
from vault.store import Query, RecordKey

UPLOAD = "upload"
_PIECE = 1 << 20
_FILE_ID = re.compile(r"[0-9a-f]{32}")

OnBytes = Callable[[int, int], None]
"""(bytes done, bytes in all)"""


class NotAFile(DeskError):
    title = "This is not a file on the server"
    message = "The record does not say where its content is."


class Attachments:
    """Threads: any; what takes long says so and can be cancelled."""

    def __init__(self, vault: Vault, account: ServerAccount) -> None:
        self._vault = vault
        self._account = account
        self._folder = vault.profile.folder / "files"
        vault.exchange.subscribe(self._came_in)
        vault.moves.keep_content_of(frozenset({FILE.name}))

    def attach(
        self,
        about: RecordKey,
        path: Path,
        on_bytes: OnBytes = lambda done, total: None,
        cancel: CancelToken | None = None,
    ) -> RecordKey:
        """Seal a file and hang it on a record (slow for large ones). Raises OSError, VaultError, Cancelled."""
        size = path.stat().st_size
        file_id, file_key = new_file_id(), new_file_key()
        folder = self._folder / file_id.hex()
        folder.mkdir(mode=0o700, parents=True)
        try:
            with path.open("rb") as content:
                pieces = _pieces(content.read, size, on_bytes, cancel)
                for index, chunk in enumerate(seal_file(file_key, file_id, size, pieces)):
                    (folder / str(index)).write_bytes(chunk)
            (folder / UPLOAD).write_text(about.log.encode().hex(), "ascii")
            with self._vault.editor.action() as action:
                return action.create(
                    FILE.name,
                    about.log,
                    {
                        "name": path.name,
                        "size": size,
                        "media_type": mimetypes.guess_type(path.name)[0] or "application/octet-stream",
                        "content": file_id.hex(),
                        "content_key": file_key.hex(),
                        "about": about.ref,
                    },
                )
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise

    def save(
        self,
        key: RecordKey,
        target: Path,
        on_bytes: OnBytes = lambda done, total: None,
        cancel: CancelToken | None = None,
    ) -> None:
        """Write the opened content to `target`, whole or not at all (slow).

        Raises NotAFile, SyncError, OpenFailed or FileDamaged (the server's bytes are not the file), OSError.
        """
        record = self._vault.records.get(key)
        fields = record.fields if record else {}
        content, file_key, size = fields.get("content"), fields.get("content_key"), fields.get("size")
        if not (isinstance(content, str) and isinstance(file_key, str) and isinstance(size, int)):
            raise NotAFile()
        try:
            identity, secret = bytes.fromhex(content), bytes.fromhex(file_key)
        except ValueError:
            raise NotAFile() from None
        partial = target.with_name(f".{target.name}.part")
        try:
            with partial.open("wb") as out:
                done = 0
                for piece in open_file(secret, identity, size, self._chunks(key.log, identity, size, cancel)):
                    out.write(piece)
                    done += len(piece)
                    on_bytes(done, size)
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)

    def waiting(self) -> list[Path]:
        """Folders of files whose chunks the server does not have yet, all or some."""
        if not self._folder.is_dir():
            return []
        return sorted(marker.parent for marker in self._folder.glob(f"*/{UPLOAD}"))

    def _came_in(self, accepted: Accepted) -> None:
        if any(isinstance(noticed, ServerRestored) for noticed in accepted.noticed):
            self.offer_again()

    def offer_again(self) -> int:
        """The server lost something: chunks that are on this disk go up again where it has them no more; of how many
        files. Only of logs that this member writes: nobody else's are taken."""
        if not self._folder.is_dir():
            return 0
        here = {path.name for path in self._folder.iterdir()}
        found = 0
        for record in self._vault.records.each(Query(FILE.name)):
            content, log = record.fields.get("content"), record.key.log
            if not isinstance(content, str) or content not in here:
                continue
            if level(self._vault.roster, self._vault.own.member, log) is Level.WRITE:
                (self._folder / content / UPLOAD).write_text(log.encode().hex(), "ascii")
                found += 1
        return found

    def upload_waiting(self, cancel: CancelToken) -> int:
        """Upload what waits (slow); how many files are now on the server. Raises SyncError, Cancelled."""
        done = 0
        for folder in self.waiting():
            log = LogId.decode(bytes.fromhex((folder / UPLOAD).read_text("ascii")))
            file_id = bytes.fromhex(folder.name)
            with self._account.calls(self._vault.roster.workspace) as calls:
                present = set(calls.file_state(log, file_id, cancel).chunks)
                for path in sorted(folder.iterdir()):
                    if path.name.isdigit() and int(path.name) not in present:
                        calls.put_chunk(log, file_id, int(path.name), path.read_bytes(), cancel)
            (folder / UPLOAD).unlink(missing_ok=True)
            done += 1
        return done

    def carry_moved(self, cancel: CancelToken) -> int:
        """Take the content of files that moved to their new home (slow): the server gives chunks to the readers of the
        log where they lie. How many were made ready to upload. Raises SyncError, Cancelled."""
        done = 0
        for old, copy in self._vault.moves.content_due():
            record = self._vault.records.get(copy)
            content, size = (record.fields.get(name) if record else None for name in ("content", "size"))
            if isinstance(content, str) and isinstance(size, int) and _FILE_ID.fullmatch(content):
                file_id = bytes.fromhex(content)
                try:
                    for _ in self._chunks(old.log, file_id, size, cancel):
                        cancel.check()
                except ServerRefused:  # not uploaded yet by whoever attached it
                    continue
                marker = self._folder / content / UPLOAD
                marker.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                marker.write_text(copy.log.encode().hex(), "ascii")
                done += 1
            self._vault.moves.content_taken(copy)
        return done

    def _chunks(self, log: LogId, file_id: bytes, size: int, cancel: CancelToken | None) -> Iterator[bytes]:
        folder = self._folder / file_id.hex()
        for index in range(chunk_count(size)):
            kept = folder / str(index)
            with suppress(FileNotFoundError):
                yield kept.read_bytes()
                continue
            with self._account.calls(self._vault.roster.workspace) as calls:
                chunk = calls.get_chunk(log, file_id, index, cancel)
            yield chunk
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            part = kept.with_suffix(".part")
            part.write_bytes(chunk)
            part.replace(kept)


def _pieces(
    read: Callable[[int], bytes], size: int, on_bytes: OnBytes, cancel: CancelToken | None
) -> Iterator[bytes]:
    done = 0
    while piece := read(_PIECE):
        if cancel is not None:
            cancel.check()
        done += len(piece)
        on_bytes(done, size)
        yield piece

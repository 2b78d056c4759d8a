"""The tables of version 1 that do not depend on the application's schema (those are made by `layout`).

meta            small values by name: cursor, pins, own ids, private keys, progress of the indexes
logs, authors   numbers for long ids
log_states      the admission state of each log
log_keys        log keys by generation
roster          entries of the roster, in order
commits         admitted commits: header, signature, opened body (zstd; NULL where it was set aside unopened); since
                version 2 the zstd frame is the sealed one's own and `salt` the seal's, so that the sealed bytes can
                be made again (NULL: the body is the sealed one, or was opened by version 1)
parts           the outbox: operations by log, in the order in which they were made
signed          signed bytes of the outbox, kept before anything is sent
own_positions   where own parts landed: rows name a pending part, and resolve it here (`vault.store.state`)
pending         which records have which pending parts (`made`: the part made the record)
states          the whole state of every record, apart from its narrow row in `r_<type>`
shadow          the confirmed state of records that were changed, and not made, by pending parts
history         positions of the second and later commits that touched a record (the first is in the record)
dangling        references to records that are not there (yet)
search_short    names and keys, as you type (contentless: FTS5 keeps no second copy of the text)
search_text     notes and the rest, filled in the background
text_queue      rows to index again in search_text; `text_progress` how far each type has come
"""

from __future__ import annotations

VERSION_1 = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;
CREATE TABLE logs (id INTEGER PRIMARY KEY, log BLOB NOT NULL UNIQUE);
CREATE TABLE authors (id INTEGER PRIMARY KEY, member BLOB NOT NULL, device BLOB NOT NULL, UNIQUE (member, device));
CREATE TABLE log_states (log INTEGER PRIMARY KEY REFERENCES logs, state BLOB NOT NULL);
CREATE TABLE log_keys (
    log INTEGER NOT NULL REFERENCES logs, generation INTEGER NOT NULL, key BLOB NOT NULL,
    PRIMARY KEY (log, generation)
) WITHOUT ROWID;
CREATE TABLE roster (position INTEGER PRIMARY KEY, body BLOB NOT NULL, signature BLOB NOT NULL);
CREATE TABLE commits (
    id INTEGER PRIMARY KEY, log INTEGER NOT NULL REFERENCES logs, position INTEGER NOT NULL,
    author INTEGER NOT NULL REFERENCES authors, header BLOB NOT NULL, signature BLOB NOT NULL,
    aside TEXT NOT NULL DEFAULT '', body BLOB
);
CREATE UNIQUE INDEX commits_position ON commits (log, position);
CREATE INDEX commits_aside ON commits (log) WHERE aside <> '';
CREATE TABLE parts (
    id INTEGER PRIMARY KEY AUTOINCREMENT, action BLOB NOT NULL, part INTEGER NOT NULL, parts INTEGER NOT NULL,
    time INTEGER NOT NULL, log INTEGER NOT NULL REFERENCES logs, counter INTEGER,
    rejected TEXT NOT NULL DEFAULT '', operations BLOB NOT NULL
);
CREATE INDEX parts_waiting ON parts (log, id) WHERE rejected = '';
CREATE INDEX parts_counter ON parts (log, counter) WHERE counter IS NOT NULL;
CREATE TABLE signed (
    log INTEGER NOT NULL REFERENCES logs, counter INTEGER NOT NULL, part INTEGER REFERENCES parts ON DELETE SET NULL,
    header BLOB NOT NULL, signature BLOB NOT NULL, body BLOB NOT NULL, wraps BLOB NOT NULL,
    PRIMARY KEY (log, counter)
);
CREATE INDEX signed_part ON signed (part);
CREATE TABLE own_positions (part INTEGER PRIMARY KEY, position INTEGER NOT NULL);
CREATE TABLE pending (
    part INTEGER NOT NULL, record INTEGER NOT NULL, made INTEGER NOT NULL, PRIMARY KEY (part, record)
) WITHOUT ROWID;
CREATE INDEX pending_record ON pending (record);
CREATE TABLE states (number INTEGER PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE shadow (record INTEGER PRIMARY KEY, state BLOB);
CREATE TABLE history (record INTEGER NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (record, position))
    WITHOUT ROWID;
CREATE TABLE dangling (ref TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE VIRTUAL TABLE search_short USING fts5 (
    title, keys, content = '', contentless_delete = 1, detail = column, prefix = '1 2 3',
    tokenize = "unicode61 remove_diacritics 2"
);
CREATE VIRTUAL TABLE search_text USING fts5 (
    body, content = '', contentless_delete = 1, detail = none, prefix = '3',
    tokenize = "unicode61 remove_diacritics 2"
);
CREATE TABLE text_queue (id INTEGER PRIMARY KEY);
CREATE TABLE text_progress (type TEXT PRIMARY KEY, upto INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE r_other (
    id INTEGER PRIMARY KEY, log INTEGER NOT NULL, rid BLOB NOT NULL, hidden INTEGER NOT NULL, flags INTEGER NOT NULL,
    created INTEGER NOT NULL, changed INTEGER NOT NULL, title TEXT, type TEXT NOT NULL
);
CREATE UNIQUE INDEX r_other_rid ON r_other (rid, log, type);
CREATE INDEX r_other_flags ON r_other (id) WHERE flags <> 0;
"""

VERSION_2 = """
ALTER TABLE commits ADD COLUMN salt BLOB;
"""

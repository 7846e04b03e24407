-- The first form of the store. Times are RFC 3339 in UTC with nine decimals,
-- '' where there is none; hashes are lower-case hexadecimal.

-- What is large stands in tables of its own, so that counting and choosing
-- read small pages only.
CREATE TABLE blobs (
  id     INTEGER PRIMARY KEY,
  hash   TEXT NOT NULL UNIQUE,
  size   INTEGER NOT NULL, -- bytes as read
  stored INTEGER NOT NULL, -- bytes as kept
  coding TEXT NOT NULL CHECK (coding IN ('raw', 'zstd'))
) STRICT;

CREATE TABLE blob_data (
  id   INTEGER PRIMARY KEY REFERENCES blobs(id),
  data BLOB NOT NULL
) STRICT;

CREATE TABLE documents (
  id       TEXT PRIMARY KEY,
  host     TEXT NOT NULL,
  seen     TEXT NOT NULL,
  captures INTEGER NOT NULL, -- the number of the latest one
  latest   TEXT NOT NULL     -- its bytes
) STRICT, WITHOUT ROWID;

CREATE TABLE captures (
  doc     TEXT NOT NULL REFERENCES documents(id),
  seq     INTEGER NOT NULL, -- from 1, oldest first
  url     TEXT NOT NULL,
  final   TEXT NOT NULL,
  path    TEXT NOT NULL,
  fetched TEXT NOT NULL,
  status  INTEGER NOT NULL,
  type    TEXT NOT NULL,
  sha256  TEXT NOT NULL REFERENCES blobs(hash),
  size    INTEGER NOT NULL,
  title   TEXT NOT NULL,
  number  TEXT NOT NULL,
  listed  TEXT NOT NULL,
  parent  TEXT NOT NULL,
  PRIMARY KEY (doc, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE records (
  id           INTEGER PRIMARY KEY,
  doc          TEXT NOT NULL UNIQUE REFERENCES documents(id),
  rev          INTEGER NOT NULL UNIQUE,
  made_from    TEXT NOT NULL,
  rules        TEXT NOT NULL,
  kind         TEXT NOT NULL,
  generation   TEXT NOT NULL,
  on_topic     INTEGER NOT NULL,
  jurisdiction TEXT NOT NULL,
  sha256       TEXT NOT NULL -- of the json
) STRICT;

CREATE TABLE record_data (
  id   INTEGER PRIMARY KEY REFERENCES records(id),
  json TEXT NOT NULL
) STRICT;

CREATE TABLE outcomes (
  stage   TEXT NOT NULL,
  doc     TEXT NOT NULL,
  outcome TEXT NOT NULL,
  reason  TEXT NOT NULL,
  bytes   TEXT NOT NULL,
  rules   TEXT NOT NULL,
  at      TEXT NOT NULL,
  PRIMARY KEY (stage, doc)
) STRICT, WITHOUT ROWID;

CREATE TABLE frontier (
  id            INTEGER PRIMARY KEY,
  url           TEXT NOT NULL UNIQUE,
  host          TEXT NOT NULL,
  source        TEXT NOT NULL,
  kind          TEXT NOT NULL,
  depth         INTEGER NOT NULL,
  priority      INTEGER NOT NULL,
  due           TEXT NOT NULL,
  parent        TEXT NOT NULL,
  title         TEXT NOT NULL,
  number        TEXT NOT NULL,
  listed        TEXT NOT NULL,
  added         TEXT NOT NULL,
  round         INTEGER NOT NULL DEFAULT 0,
  work          TEXT NOT NULL DEFAULT '',
  state         TEXT NOT NULL CHECK (state IN ('pending', 'claimed', 'finished')),
  attempts      INTEGER NOT NULL DEFAULT 0,
  outcome       TEXT NOT NULL DEFAULT '',
  reason        TEXT NOT NULL DEFAULT '',
  visited       TEXT NOT NULL DEFAULT '',
  etag          TEXT NOT NULL DEFAULT '',
  last_modified TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX frontier_by_host ON frontier(state, host, priority DESC, due, id);
CREATE INDEX frontier_by_priority ON frontier(state, priority DESC, due, id);

CREATE TABLE source_states (
  source TEXT PRIMARY KEY,
  state  BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE corrections (
  id    TEXT PRIMARY KEY,
  doc   TEXT NOT NULL,
  field TEXT NOT NULL,
  was   TEXT NOT NULL,
  want  TEXT NOT NULL,
  note  TEXT NOT NULL,
  by    TEXT NOT NULL,
  bytes TEXT NOT NULL,
  at    TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX corrections_by_doc ON corrections(doc, at, id);

CREATE TABLE rule_sets (
  hash TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  data TEXT NOT NULL,
  at   TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE meta (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

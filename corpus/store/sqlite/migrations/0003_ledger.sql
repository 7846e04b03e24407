-- What happened to obligations, and who wants to be told. The log is written once.
CREATE TABLE ledger (
  cursor   INTEGER PRIMARY KEY,
  uid      TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  kind     TEXT NOT NULL,
  cause    TEXT NOT NULL,
  at       TEXT NOT NULL,
  data     TEXT NOT NULL
) STRICT;

CREATE INDEX ledger_by_uid ON ledger(uid, cursor);

CREATE TRIGGER ledger_is_kept BEFORE DELETE ON ledger BEGIN SELECT raise(ABORT, 'the ledger is written once'); END;
CREATE TRIGGER ledger_is_left BEFORE UPDATE ON ledger BEGIN SELECT raise(ABORT, 'the ledger is written once'); END;

CREATE TABLE hooks (
  id       TEXT PRIMARY KEY,
  url      TEXT NOT NULL,
  secret   TEXT NOT NULL,
  query    TEXT NOT NULL,
  cursor   INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  error    TEXT NOT NULL,
  due      TEXT NOT NULL,
  at       TEXT NOT NULL
) STRICT, WITHOUT ROWID;

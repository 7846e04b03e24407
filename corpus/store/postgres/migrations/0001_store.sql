-- The first form of the store, after that of SQLite. Times are RFC 3339 in UTC with
-- nine decimals, '' where there is none; hashes are lower-case hexadecimal. Keys are
-- compared byte by byte, whatever the locale of the database: COLLATE "C".

CREATE TABLE version (n integer NOT NULL);
INSERT INTO version VALUES (0);

-- The revision of the last record that was committed. Its row is locked from the
-- giving of a number to the commit, so that numbers become visible in their order.
CREATE TABLE counters (name text PRIMARY KEY, n bigint NOT NULL);
INSERT INTO counters VALUES ('revision', 0), ('ledger', 0);

-- Who writes. A row whose time is over belongs to a process that is dead or cut off.
CREATE TABLE writers (
  id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  host  text NOT NULL,
  pid   integer NOT NULL,
  until timestamptz NOT NULL -- by the clock of the database, the one clock that all share
);

CREATE TABLE blobs (
  id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  hash   text COLLATE "C" NOT NULL UNIQUE,
  size   bigint NOT NULL, -- bytes as read
  stored bigint NOT NULL, -- bytes as kept
  coding text NOT NULL CHECK (coding IN ('raw', 'zstd'))
);

CREATE TABLE blob_data (
  id   bigint PRIMARY KEY REFERENCES blobs(id),
  data bytea NOT NULL
);
ALTER TABLE blob_data ALTER COLUMN data SET STORAGE EXTERNAL; -- it is compressed already

CREATE TABLE documents (
  id       text COLLATE "C" PRIMARY KEY,
  host     text COLLATE "C" NOT NULL,
  seen     text COLLATE "C" NOT NULL,
  captures integer NOT NULL, -- the number of the latest one
  latest   text COLLATE "C" NOT NULL,
  part_of  text COLLATE "C" NOT NULL DEFAULT '', -- the document it is a part of
  parts    integer NOT NULL DEFAULT 0            -- captures of its parts, all together
);

CREATE TABLE captures (
  doc     text COLLATE "C" NOT NULL REFERENCES documents(id),
  seq     integer NOT NULL, -- from 1, oldest first
  url     text NOT NULL,
  final   text NOT NULL,
  path    text NOT NULL,
  fetched text NOT NULL,
  status  integer NOT NULL,
  type    text NOT NULL,
  sha256  text COLLATE "C" NOT NULL REFERENCES blobs(hash),
  size    bigint NOT NULL,
  title   text NOT NULL,
  number  text NOT NULL,
  listed  text NOT NULL,
  parent  text NOT NULL,
  PRIMARY KEY (doc, seq)
);

CREATE TABLE records (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  doc          text COLLATE "C" NOT NULL UNIQUE REFERENCES documents(id),
  rev          bigint UNIQUE, -- none only within the transaction that puts it
  made_from    text COLLATE "C" NOT NULL,
  rules        text COLLATE "C" NOT NULL,
  kind         text COLLATE "C" NOT NULL,
  generation   text COLLATE "C" NOT NULL,
  on_topic     boolean NOT NULL,
  jurisdiction text COLLATE "C" NOT NULL,
  sha256       text NOT NULL, -- of the json
  parts        integer NOT NULL DEFAULT 0
);

CREATE TABLE record_data (
  id   bigint PRIMARY KEY REFERENCES records(id),
  json text NOT NULL -- not jsonb: it comes back byte for byte
);

CREATE TABLE outcomes (
  stage   text COLLATE "C" NOT NULL,
  doc     text COLLATE "C" NOT NULL,
  outcome text COLLATE "C" NOT NULL,
  reason  text COLLATE "C" NOT NULL,
  bytes   text NOT NULL,
  rules   text NOT NULL,
  at      text NOT NULL,
  parts   integer NOT NULL DEFAULT 0,
  PRIMARY KEY (stage, doc)
);

CREATE TABLE frontier (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  url           text COLLATE "C" NOT NULL UNIQUE,
  host          text COLLATE "C" NOT NULL,
  source        text COLLATE "C" NOT NULL,
  kind          text COLLATE "C" NOT NULL,
  depth         integer NOT NULL,
  priority      integer NOT NULL,
  due           text COLLATE "C" NOT NULL,
  parent        text NOT NULL,
  title         text NOT NULL,
  number        text NOT NULL,
  listed        text NOT NULL,
  added         text NOT NULL,
  round         integer NOT NULL,
  work          text NOT NULL,
  state         text COLLATE "C" NOT NULL CHECK (state IN ('pending', 'claimed', 'finished')),
  owner         bigint NOT NULL DEFAULT 0, -- the writer that claimed it
  attempts      integer NOT NULL DEFAULT 0,
  outcome       text COLLATE "C" NOT NULL DEFAULT '',
  reason        text COLLATE "C" NOT NULL DEFAULT '',
  visited       text COLLATE "C" NOT NULL DEFAULT '',
  etag          text NOT NULL DEFAULT '',
  last_modified text NOT NULL DEFAULT ''
);

CREATE INDEX frontier_by_host ON frontier(host, priority DESC, due, id) WHERE state = 'pending';
CREATE INDEX frontier_by_priority ON frontier(priority DESC, due, id) WHERE state = 'pending';
CREATE INDEX frontier_claimed ON frontier(owner) WHERE state = 'claimed';

CREATE TABLE source_states (
  source text COLLATE "C" PRIMARY KEY,
  state  bytea NOT NULL
);

CREATE TABLE corrections (
  id     text COLLATE "C" PRIMARY KEY,
  doc    text COLLATE "C" NOT NULL,
  action text NOT NULL,
  field  text NOT NULL,
  anchor text NOT NULL, -- JSON
  was    text NOT NULL,
  want   text NOT NULL,
  note   text NOT NULL,
  by     text NOT NULL,
  bytes  text NOT NULL,
  at     text COLLATE "C" NOT NULL
);

CREATE INDEX corrections_by_doc ON corrections(doc, at, id);

CREATE TABLE rule_sets (
  hash text COLLATE "C" PRIMARY KEY,
  name text NOT NULL,
  data text NOT NULL,
  at   text COLLATE "C" NOT NULL
);

CREATE TABLE meta (
  key   text COLLATE "C" PRIMARY KEY,
  value text NOT NULL
);

CREATE TABLE ledger (
  cursor   bigint PRIMARY KEY,
  uid      text COLLATE "C" NOT NULL,
  sequence integer NOT NULL,
  kind     text NOT NULL,
  cause    text NOT NULL,
  at       text NOT NULL,
  data     text NOT NULL
);

CREATE INDEX ledger_by_uid ON ledger(uid, cursor);

CREATE TABLE hooks (
  id       text COLLATE "C" PRIMARY KEY,
  url      text NOT NULL,
  secret   text NOT NULL,
  query    text NOT NULL,
  cursor   bigint NOT NULL,
  failures integer NOT NULL,
  error    text NOT NULL,
  due      text NOT NULL,
  at       text NOT NULL
);

CREATE FUNCTION written_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is written once', TG_TABLE_NAME; END $$;

CREATE TRIGGER ledger_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger FOR EACH STATEMENT EXECUTE FUNCTION written_once();
CREATE TRIGGER corrections_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON corrections FOR EACH STATEMENT EXECUTE FUNCTION written_once();

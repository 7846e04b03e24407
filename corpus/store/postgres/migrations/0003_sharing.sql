-- What one process at a time may do: ask a server, lead references to documents.
CREATE TABLE leases (
  name  text COLLATE "C" PRIMARY KEY,
  owner bigint NOT NULL DEFAULT 0, -- the writer that holds it; 0 is nobody
  token bigint NOT NULL DEFAULT 0, -- tells two holders in one process apart
  freed timestamptz NOT NULL,      -- when it was given back last, by the clock of the database
  note  text NOT NULL DEFAULT ''   -- what the last holder left for the next
);

-- What people asked for as jobs: everything that one command queued, and what came of it.
CREATE TABLE orders (
  id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at   timestamptz NOT NULL,
  what text NOT NULL
);

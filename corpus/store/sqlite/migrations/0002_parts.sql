-- An attachment is no work of its own: it is a part of the page that offered it.
ALTER TABLE documents ADD COLUMN part_of TEXT NOT NULL DEFAULT '';      -- the document it is a part of
ALTER TABLE documents ADD COLUMN parts   INTEGER NOT NULL DEFAULT 0;    -- captures of its parts, all together
ALTER TABLE records   ADD COLUMN parts   INTEGER NOT NULL DEFAULT 0;    -- the same, when the record was made
ALTER TABLE outcomes  ADD COLUMN parts   INTEGER NOT NULL DEFAULT 0;

CREATE TEMP TABLE page_of AS SELECT a.doc AS part, min(p.doc) AS page
  FROM captures a JOIN captures p ON p.url = a.parent
  WHERE a.parent <> '' AND p.doc <> a.doc GROUP BY a.doc;
UPDATE documents SET part_of = (SELECT page FROM page_of WHERE part = id) WHERE id IN (SELECT part FROM page_of);
UPDATE documents SET parts = (SELECT coalesce(sum(d.captures), 0) FROM documents d WHERE d.part_of = documents.id)
  WHERE id IN (SELECT page FROM page_of);
DELETE FROM record_data WHERE id IN (SELECT id FROM records WHERE doc IN (SELECT part FROM page_of));
DELETE FROM records WHERE doc IN (SELECT part FROM page_of);
DELETE FROM outcomes WHERE doc IN (SELECT part FROM page_of);
DROP TABLE page_of;

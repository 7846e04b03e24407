-- Obligations are found by the document that speaks for them, so that a document that
-- changed costs the obligations it has, and not a look at all.
DROP TRIGGER ledger_is_left;
ALTER TABLE ledger ADD COLUMN doc TEXT NOT NULL DEFAULT '';
UPDATE ledger SET doc = coalesce(json_extract(data, '$.obligation.sources[0].document.id'), '') WHERE json_valid(data);
CREATE INDEX ledger_by_doc ON ledger(doc, uid);
CREATE TRIGGER ledger_is_left BEFORE UPDATE ON ledger BEGIN SELECT raise(ABORT, 'the ledger is written once'); END;

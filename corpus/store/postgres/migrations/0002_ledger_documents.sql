-- Obligations are found by the document that speaks for them, so that a document that
-- changed costs the obligations it has, and not a look at all.
ALTER TABLE ledger DISABLE TRIGGER ledger_is_kept;
ALTER TABLE ledger ADD COLUMN doc text COLLATE "C" NOT NULL DEFAULT '';
UPDATE ledger SET doc = coalesce(data::jsonb #>> '{obligation,sources,0,document,id}', '');
ALTER TABLE ledger ENABLE TRIGGER ledger_is_kept;
CREATE INDEX ledger_by_doc ON ledger(doc, uid);

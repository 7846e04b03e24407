-- A correction finds its fact again by the words it stands on.
ALTER TABLE corrections ADD COLUMN action TEXT NOT NULL DEFAULT '';
ALTER TABLE corrections ADD COLUMN anchor TEXT NOT NULL DEFAULT '{}'; -- JSON
UPDATE corrections SET action = CASE want WHEN '' THEN 'reject' ELSE 'fix' END;

CREATE TRIGGER corrections_are_kept BEFORE DELETE ON corrections BEGIN SELECT raise(ABORT, 'corrections are written once'); END;
CREATE TRIGGER corrections_are_left BEFORE UPDATE ON corrections BEGIN SELECT raise(ABORT, 'corrections are written once'); END;

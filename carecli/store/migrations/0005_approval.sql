-- approval: what asks for a lead, as JSON: [{"check", "sentence"}]. edited_by: the lead who changed the text of what waits
-- for one, revision: how often that was done.
ALTER TABLE outbox ADD COLUMN approval TEXT NOT NULL DEFAULT '[]';
ALTER TABLE outbox ADD COLUMN edited_by TEXT NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;
CREATE INDEX outbox_approval ON outbox (id) WHERE state = 'approval';

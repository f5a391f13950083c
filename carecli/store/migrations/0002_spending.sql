-- What calls to the networks have cost, by the prices that they publish: a row for each UTC day, kind and conversation.
-- conversation_id is 0 for what belongs to none, such as reading the mentions. micros: millionths of a US dollar.
CREATE TABLE spending (
  account_id      BIGINT NOT NULL REFERENCES account (id),
  day             TEXT NOT NULL,
  kind            TEXT NOT NULL,
  conversation_id BIGINT NOT NULL DEFAULT 0,
  count           BIGINT NOT NULL,
  micros          BIGINT NOT NULL,
  PRIMARY KEY (account_id, day, kind, conversation_id)
) WITHOUT ROWID;
CREATE INDEX spending_conversation ON spending (conversation_id) WHERE conversation_id <> 0;

-- How many conversations were resolved in a time.
CREATE INDEX event_resolved ON event (account_id, at) WHERE kind = 'resolved';

-- problem_until: when a standing problem ends by itself, where that is known. sending_problem: what stands in the way
-- of sending alone.
ALTER TABLE account ADD COLUMN problem_until BIGINT;
ALTER TABLE account ADD COLUMN sending_problem TEXT NOT NULL DEFAULT '';

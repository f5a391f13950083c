-- When a thread was last read whole, for networks whose feed brings none, and the newest message of others in it then.
CREATE TABLE thread_reading (
  thread_id INTEGER PRIMARY KEY,
  version   BIGINT NOT NULL,
  read_at   BIGINT NOT NULL
);

-- belated: it came when its thread was read, and had been written before what was known: history, and no news.
-- checked_at: when the network was last asked whether it still shows it.
ALTER TABLE message ADD COLUMN belated BIGINT NOT NULL DEFAULT 0;
ALTER TABLE message ADD COLUMN checked_at BIGINT;

-- doubt: why the network might refuse it, as known when it was written. link: where a person can send a refused one.
ALTER TABLE outbox ADD COLUMN doubt TEXT NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN link TEXT NOT NULL DEFAULT '';

-- Pictures and films that go out with a reply, and with a draft. Of what was sent the bytes are not kept.
CREATE TABLE outbox_media (
  outbox_id BIGINT NOT NULL REFERENCES outbox (id),
  number    BIGINT NOT NULL,
  name      TEXT NOT NULL,
  kind      TEXT NOT NULL,
  alt       TEXT NOT NULL,
  size      BIGINT NOT NULL,
  data      BLOB NOT NULL,
  PRIMARY KEY (outbox_id, number)
);
CREATE TABLE draft_media (
  conversation_id BIGINT NOT NULL,
  agent           TEXT NOT NULL,
  number          BIGINT NOT NULL,
  name            TEXT NOT NULL,
  kind            TEXT NOT NULL,
  alt             TEXT NOT NULL,
  size            BIGINT NOT NULL,
  data            BLOB NOT NULL,
  PRIMARY KEY (conversation_id, agent, number)
);

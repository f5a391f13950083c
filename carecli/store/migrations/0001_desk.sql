-- The desk. Times are UTC milliseconds since 1970; our ids are integers, a network's ids are text.
-- A stranger's text is stored as received and cleaned where it is shown.

CREATE TABLE account (
  id              INTEGER PRIMARY KEY,
  name            TEXT NOT NULL UNIQUE,
  cursor          TEXT NOT NULL DEFAULT '',
  -- Cursors from which is read once more now and then, this time and the next: what came late is found so.
  earlier_cursor  TEXT NOT NULL DEFAULT '',
  later_cursor    TEXT NOT NULL DEFAULT '',
  looked_back_at  BIGINT,
  last_success_at BIGINT,
  problem         TEXT NOT NULL DEFAULT ''
);

-- Anybody who ever wrote something that we keep. Only those with a conversation are customers.
CREATE TABLE identity (
  id           INTEGER PRIMARY KEY,
  account_id   BIGINT NOT NULL REFERENCES account (id),
  remote_id    TEXT NOT NULL,
  handle       TEXT NOT NULL,
  display_name TEXT NOT NULL,
  customer_id  BIGINT,
  UNIQUE (account_id, remote_id)
);
CREATE INDEX identity_customer ON identity (customer_id) WHERE customer_id IS NOT NULL;

CREATE TABLE customer (
  id            INTEGER PRIMARY KEY,
  first_seen_at BIGINT NOT NULL
);

-- version (of a conversation) is the id of its newest message: what an author had seen when they wrote.
-- thread_id is the id of the first stored message of the thread; threads that turn out to be one are joined.
CREATE TABLE message (
  id               INTEGER PRIMARY KEY,
  account_id       BIGINT NOT NULL REFERENCES account (id),
  remote_id        TEXT NOT NULL,
  thread_id        BIGINT NOT NULL,
  conversation_id  BIGINT,
  parent_remote_id TEXT,
  author_id        BIGINT NOT NULL REFERENCES identity (id),
  direction        TEXT NOT NULL,
  visibility       TEXT NOT NULL,
  text             TEXT NOT NULL,
  published_at     BIGINT NOT NULL,
  received_at      BIGINT NOT NULL,
  agent            TEXT NOT NULL DEFAULT '',
  attachments      TEXT NOT NULL DEFAULT '[]',
  deleted_at       BIGINT,
  UNIQUE (account_id, remote_id)
);
CREATE INDEX message_thread ON message (thread_id, published_at, id);

-- Places in a thread that others point to and that we do not have: absent parents, and the network's own
-- name of a thread ("thread:ID"). What arrives later finds its thread here.
CREATE TABLE thread_place (
  account_id BIGINT NOT NULL REFERENCES account (id),
  remote_id  TEXT NOT NULL,
  thread_id  BIGINT NOT NULL,
  reason     TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (account_id, remote_id)
) WITHOUT ROWID;
CREATE INDEX thread_place_thread ON thread_place (thread_id);

CREATE TABLE conversation (
  id              INTEGER PRIMARY KEY,
  account_id      BIGINT NOT NULL REFERENCES account (id),
  thread_id       BIGINT NOT NULL,
  customer_id     BIGINT NOT NULL REFERENCES customer (id),
  author_id       BIGINT NOT NULL REFERENCES identity (id),
  visibility      TEXT NOT NULL,
  state           TEXT NOT NULL,
  version         BIGINT NOT NULL,
  language        TEXT NOT NULL,
  opened_at       BIGINT NOT NULL,
  last_message_at BIGINT NOT NULL,
  last_inbound_at BIGINT,
  covered_until   BIGINT,
  inbound_count   BIGINT NOT NULL,
  outbound_count  BIGINT NOT NULL,
  snoozed_until   BIGINT,
  claimed_by      TEXT NOT NULL DEFAULT '',
  claimed_until   BIGINT,
  linked_to       BIGINT,
  resolution      TEXT NOT NULL DEFAULT '',
  UNIQUE (thread_id, author_id, visibility)
);
CREATE INDEX conversation_customer ON conversation (customer_id, opened_at);

-- The clock's only truth. What the queue filters by stands here too, so that it is read from one index.
CREATE TABLE wait (
  id              INTEGER PRIMARY KEY,
  conversation_id BIGINT NOT NULL REFERENCES conversation (id),
  account_id      BIGINT NOT NULL,
  visibility      TEXT NOT NULL,
  opened_by       BIGINT NOT NULL,
  opened_at       BIGINT NOT NULL,
  heard_by        BIGINT NOT NULL,
  heard_at        BIGINT NOT NULL,
  due_at          BIGINT NOT NULL,
  limit_at        BIGINT NOT NULL,
  policy          TEXT NOT NULL,
  kind            TEXT NOT NULL,
  bumps           BIGINT NOT NULL,
  reasons         TEXT NOT NULL,
  rank            BIGINT NOT NULL,
  urgent_at       BIGINT NOT NULL,
  snoozed_until   BIGINT NOT NULL DEFAULT 0,
  closed_at       BIGINT,
  closed_by       BIGINT,
  outcome         TEXT NOT NULL DEFAULT ''
);
-- All that the order of the queue and its counts need, so that the table itself is not looked at. `closed_at` is always
-- null in it, but SQLite looks each row up for it otherwise.
CREATE INDEX wait_queue ON wait (rank, urgent_at, id, snoozed_until, due_at, account_id, closed_at)
  WHERE closed_at IS NULL;
CREATE UNIQUE INDEX wait_open ON wait (conversation_id) WHERE closed_at IS NULL;

CREATE TABLE draft (
  conversation_id BIGINT NOT NULL,
  agent           TEXT NOT NULL,
  text            TEXT NOT NULL,
  cursor          BIGINT NOT NULL,
  visibility      TEXT NOT NULL,
  seen_version    BIGINT NOT NULL,
  updated_at      BIGINT NOT NULL,
  PRIMARY KEY (conversation_id, agent)
) WITHOUT ROWID;

CREATE TABLE note (
  id              INTEGER PRIMARY KEY,
  conversation_id BIGINT NOT NULL REFERENCES conversation (id),
  agent           TEXT NOT NULL,
  text            TEXT NOT NULL,
  at              BIGINT NOT NULL
);
CREATE INDEX note_conversation ON note (conversation_id, at);

CREATE TABLE read_mark (
  conversation_id BIGINT NOT NULL,
  agent           TEXT NOT NULL,
  at              BIGINT NOT NULL,
  seen_version    BIGINT NOT NULL,
  PRIMARY KEY (conversation_id, agent)
) WITHOUT ROWID;

CREATE TABLE shift (
  id            INTEGER PRIMARY KEY,
  account_id    BIGINT NOT NULL REFERENCES account (id),
  day           TEXT NOT NULL,
  opened_at     BIGINT NOT NULL,
  opened_by     TEXT NOT NULL,
  roster        TEXT NOT NULL,
  greeted_at    BIGINT,
  signed_off_at BIGINT,
  closed_at     BIGINT,
  closed_by     TEXT NOT NULL DEFAULT '',
  handover      TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX shift_open ON shift (account_id) WHERE closed_at IS NULL;

-- A frozen reply on its way: committed before the first byte leaves, never edited, only moved on.
CREATE TABLE outbox (
  id              INTEGER PRIMARY KEY,
  account_id      BIGINT NOT NULL REFERENCES account (id),
  conversation_id BIGINT REFERENCES conversation (id),
  kind            TEXT NOT NULL,
  state           TEXT NOT NULL,
  visibility      TEXT NOT NULL,
  agent           TEXT NOT NULL,
  reply_to        TEXT,
  recipient       TEXT,
  seen_version    BIGINT NOT NULL,
  created_at      BIGINT NOT NULL,
  held_until      BIGINT,
  not_before      BIGINT NOT NULL DEFAULT 0,
  attempts        BIGINT NOT NULL DEFAULT 0,
  lookups         BIGINT NOT NULL DEFAULT 0,
  error           TEXT NOT NULL DEFAULT '',
  approved_by     TEXT NOT NULL DEFAULT '',
  override        TEXT NOT NULL DEFAULT '',
  shift_id        BIGINT REFERENCES shift (id),
  sent_at         BIGINT
);
CREATE INDEX outbox_pending ON outbox (account_id, id) WHERE state IN ('held', 'queued', 'sending', 'unknown');
CREATE INDEX outbox_refused ON outbox (id) WHERE state = 'rejected';
CREATE INDEX outbox_conversation ON outbox (conversation_id, id) WHERE conversation_id IS NOT NULL;
-- One greeting and one sign-off for a shift, whoever asks, twice or at the same moment.
CREATE UNIQUE INDEX outbox_once_a_shift ON outbox (shift_id, kind)
  WHERE kind <> 'reply' AND state NOT IN ('rejected', 'cancelled');

CREATE TABLE outbox_part (
  outbox_id BIGINT NOT NULL REFERENCES outbox (id),
  number    BIGINT NOT NULL,
  text      TEXT NOT NULL,
  key       TEXT NOT NULL UNIQUE,
  payload   BLOB NOT NULL,
  remote_id TEXT NOT NULL DEFAULT '',
  sent_at   BIGINT,
  PRIMARY KEY (outbox_id, number)
) WITHOUT ROWID;
CREATE INDEX outbox_part_remote ON outbox_part (remote_id) WHERE remote_id <> '';

-- The append-only log.
CREATE TABLE event (
  id              INTEGER PRIMARY KEY,
  at              BIGINT NOT NULL,
  kind            TEXT NOT NULL,
  account_id      BIGINT,
  conversation_id BIGINT,
  agent           TEXT NOT NULL DEFAULT '',
  data            TEXT NOT NULL DEFAULT '{}'
);
CREATE INDEX event_conversation ON event (conversation_id, id) WHERE conversation_id IS NOT NULL;

-- One poller and one sender per account, whoever runs. `token` grows with every change of hands.
CREATE TABLE lease (
  name   TEXT PRIMARY KEY,
  holder TEXT NOT NULL,
  token  BIGINT NOT NULL,
  until  BIGINT NOT NULL
);

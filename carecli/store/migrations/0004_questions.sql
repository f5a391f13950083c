-- The questions of a customer's message that an agent has ticked off, by their number in it.
CREATE TABLE question_tick (
  message_id BIGINT NOT NULL REFERENCES message (id),
  number     BIGINT NOT NULL,
  agent      TEXT NOT NULL,
  at         BIGINT NOT NULL,
  PRIMARY KEY (message_id, number)
);

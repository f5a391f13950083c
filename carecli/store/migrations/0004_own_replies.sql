-- What an agent last sent: a draft that repeats it is marked.
CREATE INDEX message_agent ON message (account_id, agent, id) WHERE agent <> '';

-- Full-text search over folded texts (see store/search.py); the row id is the message's id.
CREATE VIRTUAL TABLE message_search USING fts5 (folded, content = '', tokenize = 'unicode61 remove_diacritics 0');

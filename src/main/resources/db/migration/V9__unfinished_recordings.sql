-- A start looks for the recordings that an earlier process did not finish.
create index artifacts_unfinished on artifacts (session_id) where type = 'recording' and state = 'pending';

-- What the Chrome of an ended session used, as JSON: a list of samples. Apart from the session's row, which is read more often.
create table session_usage (
    session_id text primary key references sessions on delete cascade,
    samples text not null
);

-- When the first frame of a recording was painted, and until when the last one is shown; null where that is not known.
alter table artifacts
    add column started_at timestamptz,
    add column ended_at timestamptz;

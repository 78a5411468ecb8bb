-- What the node that a waiting session was given to must know of it, beside the row's other columns; null where it was not given away.
-- A session that is there in status creating belongs to the node that machine_id names, which may not have read it yet.
alter table sessions
    add column handed_over json,
    add column handed_at timestamptz;

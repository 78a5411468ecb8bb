-- Who waits is a row that nobody holds; no node gives a session to another any more.
alter table sessions drop column handed_over;
-- By Postgres's clock, when a node took up a session that waited: its node may not have counted it yet. Null where it never waited.
alter table sessions rename column handed_at to claimed_at;
alter table sessions
    -- The instruction of the AI task of a session that waited: the task is told from it until it begins, and where it never does.
    add column queued_task text,
    -- Since when it has waited, by Postgres's clock.
    add column queued_at timestamptz;

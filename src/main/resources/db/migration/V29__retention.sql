-- Objects of the object store that nothing refers to any more. Whatever deletes what referred to an object puts it here, in the same
-- transaction; a node deletes the object, then this row. So no crash leaves an object that nobody knows of.
create table garbage (
    object_key text primary key,
    -- When it is to be deleted, or tried again.
    due_at timestamptz not null default clock_timestamp()
);

create index garbage_by_due_time on garbage (due_at);

-- An object that is in the table already, as it was stored before its row was written, comes due now.
create function keep_garbage() returns trigger language plpgsql as $$
begin
    insert into garbage (object_key) select object_key from gone on conflict (object_key) do update set due_at = excluded.due_at;
    return null;
end
$$;

create trigger artifacts_gone after delete on artifacts
    referencing old table as gone for each statement execute function keep_garbage();
create trigger log_chunks_gone after delete on log_chunks
    referencing old table as gone for each statement execute function keep_garbage();

-- What retention has removed of an ended session whose row is still there.
alter table sessions
    add column recordings_expired boolean not null default false,
    add column artifacts_expired boolean not null default false,
    add column logs_expired boolean not null default false;

create index sessions_ended on sessions (ended_at);
create index sessions_with_recordings on sessions (ended_at) where not recordings_expired;
create index sessions_with_artifacts on sessions (ended_at) where not artifacts_expired;
create index sessions_with_logs on sessions (ended_at) where not logs_expired;
-- Sessions with options.retention.
create index sessions_with_retention on sessions (ended_at) where (options -> 'retention') is not null;

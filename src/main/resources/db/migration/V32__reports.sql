-- What a client says of its session: its name, how its work went, the steps of that; and how much went wrong in it.
alter table sessions
    add column name text,
    add column outcome text,
    add column outcome_reason text,
    -- How often the client changed what it says, and when it last did.
    add column updates bigint not null default 0,
    add column updated_at timestamptz,
    add column failed_actions bigint not null default 0,
    add column console_errors bigint not null default 0,
    add column failed_requests bigint not null default 0,
    -- The run that the session belongs to, of many.
    add column run text generated always as (left(metadata ->> 'run', 200)) stored,
    -- The test of a run that the session tries: its project, file and title.
    add column test_hash text generated always as (case when metadata ? 'run' then md5(
        coalesce(metadata ->> 'project', '') || chr(1) || coalesce(metadata ->> 'file', '') || chr(1)
        || coalesce(metadata ->> 'title', name, '')) end) stored;

create index sessions_by_outcome on sessions (user_id, outcome, created_at desc) where outcome is not null;
create index sessions_by_run on sessions (user_id, run, created_at desc) where run is not null;

create index sessions_by_test on sessions (user_id, test_hash, created_at desc) where run is not null;

create table steps (
    session_id text not null references sessions on delete cascade,
    seq bigint not null,
    step_id text not null,
    title text not null,
    kind text not null,
    started_at timestamptz not null,
    duration_millis bigint not null,
    error text,
    parent_id text,
    primary key (session_id, seq),
    unique (session_id, step_id)
);

-- The story of a user has the latest update of a session alone: it moves to the end of those that have no number yet.
create function tell_updated() returns trigger language plpgsql as $$
begin
    insert into lifecycle (user_id, session_id, step) values (new.user_id, new.session_id, 3)
    on conflict (session_id, step) do update set lifecycle_id = default, number = null;
    perform deliver_event(new.user_id, 'session.updated', new.session_id, null);
    return null;
end
$$;

create trigger lifecycle_4_updated after update on sessions
    for each row when (new.updates > old.updates) execute function tell_updated();

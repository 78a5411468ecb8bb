-- The creation, start and end of sessions, as one story of each user. A row is written with the change itself; it gets its number
-- later, from whoever reads the story: rows commit in any order, but only what is committed is numbered, by one at a time.
alter table users add column last_lifecycle bigint not null default 0;

create table lifecycle (
    lifecycle_id bigint generated always as identity primary key,
    user_id bigint not null references users on delete cascade,
    session_id text not null references sessions on delete cascade,
    step smallint not null,
    number bigint,
    unique (session_id, step)
);

create unique index lifecycle_by_number on lifecycle (user_id, number);
create index lifecycle_without_number on lifecycle (user_id, lifecycle_id) where number is null;

insert into lifecycle (user_id, session_id, step)
select user_id, session_id, step from (
    select user_id, session_id, 0 as step, created_at as happened_at from sessions
    union all
    select user_id, session_id, 1, started_at from sessions where started_at is not null
    union all
    select user_id, session_id, 2, ended_at from sessions where ended_at is not null) told
order by happened_at, step;

create function tell_created() returns trigger language plpgsql as $$
begin
    insert into lifecycle (user_id, session_id, step) values (new.user_id, new.session_id, 0);
    return null;
end
$$;

create function tell_started() returns trigger language plpgsql as $$
begin
    insert into lifecycle (user_id, session_id, step) values (new.user_id, new.session_id, 1) on conflict do nothing;
    return null;
end
$$;

create function tell_ended() returns trigger language plpgsql as $$
begin
    insert into lifecycle (user_id, session_id, step) values (new.user_id, new.session_id, 2) on conflict do nothing;
    return null;
end
$$;

-- Triggers of one event run in the order of their names.
create trigger lifecycle_1_created after insert on sessions
    for each row execute function tell_created();
create trigger lifecycle_2_started after update on sessions
    for each row when (old.started_at is null and new.started_at is not null) execute function tell_started();
create trigger lifecycle_3_ended after update on sessions
    for each row when (old.ended_at is null and new.ended_at is not null) execute function tell_ended();

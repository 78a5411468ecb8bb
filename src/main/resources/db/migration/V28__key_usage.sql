alter table sessions
    -- The API key that created the session; null for sessions of earlier versions, and of programs on the event bus.
    add column key_id bigint,
    -- Bytes that its Chrome received and sent, and connections that a rule refused.
    add column bytes_in bigint not null default 0,
    add column bytes_out bigint not null default 0,
    add column blocked bigint not null default 0,
    -- Bytes of the files and of the parts of logs that are kept of the session. A removal of some of them lowers this number.
    add column stored_bytes bigint not null default 0;

create index sessions_by_key on sessions (key_id, created_at desc) where key_id is not null;

alter table tasks
    -- The API key that asked for the task.
    add column key_id bigint,
    -- The most that the task may cost.
    add column max_cost_usd double precision not null default 0;

-- What ended sessions and tasks used, by key and day in UTC: a session counts on the day of its creation, a task on the day of its start.
-- A row outlives its sessions and tasks. key_id is 0 where the key is not known; name is that of the key, which may be gone.
create table key_usage (
    user_id bigint not null references users on delete cascade,
    key_id bigint not null,
    day date not null,
    name text,
    sessions bigint not null default 0,
    failed bigint not null default 0,
    browser_millis bigint not null default 0,
    bytes_in bigint not null default 0,
    bytes_out bigint not null default 0,
    blocked bigint not null default 0,
    -- cost_usd: of sessions, with their tasks; ai_usd: of tasks alone.
    cost_usd double precision not null default 0,
    ai_usd double precision not null default 0,
    input_tokens bigint not null default 0,
    output_tokens bigint not null default 0,
    -- Bytes that are kept of that day's sessions now: fewer once they are removed.
    stored_bytes bigint not null default 0,
    primary key (user_id, key_id, day)
);

create index key_usage_by_day on key_usage (day);

-- What a transaction will add to key_usage when it commits. The rows are deleted in the same transaction, so no other one sees them.
create unlogged table usage_news (
    txid xid8 not null default pg_current_xact_id(),
    -- Whether the row is the first of its transaction: its trigger, at the commit, adds all rows of the transaction at once.
    is_first boolean not null default current_setting('berth.counts', true) is distinct from pg_current_xact_id()::text,
    user_id bigint not null,
    key_id bigint not null,
    day date not null,
    sessions bigint not null default 0,
    failed bigint not null default 0,
    browser_millis bigint not null default 0,
    bytes_in bigint not null default 0,
    bytes_out bigint not null default 0,
    blocked bigint not null default 0,
    cost_usd double precision not null default 0,
    ai_usd double precision not null default 0,
    input_tokens bigint not null default 0,
    output_tokens bigint not null default 0,
    stored_bytes bigint not null default 0
);

create index usage_news_by_transaction on usage_news (txid);

-- Adds what this transaction counted, at its commit, one transaction after the other: none waits for longer than another's commit takes,
-- and no two wait for each other. All rows at once, since to change one row of key_usage thousands of times takes seconds.
create function add_usage() returns trigger language plpgsql as $$
begin
    perform pg_advisory_xact_lock(hashtextextended('berth.usage', 0));
    with news as (delete from usage_news where txid = pg_current_xact_id() returning *)
    insert into key_usage as u (user_id, key_id, day, name, sessions, failed, browser_millis, bytes_in, bytes_out, blocked, cost_usd,
        ai_usd, input_tokens, output_tokens, stored_bytes)
    select user_id, key_id, day, (select k.name from api_keys k where k.key_id = n.key_id), sum(sessions), sum(failed),
        sum(browser_millis), sum(bytes_in), sum(bytes_out), sum(blocked), sum(cost_usd), sum(ai_usd), sum(input_tokens),
        sum(output_tokens), sum(stored_bytes)
    -- A user may be removed with its sessions.
    from news n join users using (user_id) group by user_id, key_id, day
    on conflict (user_id, key_id, day) do update set name = coalesce(excluded.name, u.name),
        sessions = u.sessions + excluded.sessions, failed = u.failed + excluded.failed,
        browser_millis = u.browser_millis + excluded.browser_millis, bytes_in = u.bytes_in + excluded.bytes_in,
        bytes_out = u.bytes_out + excluded.bytes_out, blocked = u.blocked + excluded.blocked,
        cost_usd = u.cost_usd + excluded.cost_usd, ai_usd = u.ai_usd + excluded.ai_usd,
        input_tokens = u.input_tokens + excluded.input_tokens, output_tokens = u.output_tokens + excluded.output_tokens,
        stored_bytes = u.stored_bytes + excluded.stored_bytes;
    return null;
end
$$;

create constraint trigger usage_is_added after insert on usage_news deferrable initially deferred
    for each row when (new.is_first) execute function add_usage();

-- Counts an ended session: times 1, or times -1 to take back what it counted before.
create function count_session(s sessions, times int) returns void language plpgsql as $$
begin
    insert into usage_news (user_id, key_id, day, sessions, failed, browser_millis, bytes_in, bytes_out, blocked, cost_usd,
        input_tokens, output_tokens, stored_bytes)
    values (s.user_id, coalesce(s.key_id, 0), (s.created_at at time zone 'UTC')::date, times, times * (s.status = 'failed')::int,
        times * greatest(0, coalesce(extract(epoch from s.ended_at - s.started_at) * 1000, 0))::bigint,
        times * s.bytes_in, times * s.bytes_out, times * s.blocked, times * greatest(0, s.cost_usd), times * s.input_tokens,
        times * s.output_tokens, times * s.stored_bytes);
    perform set_config('berth.counts', pg_current_xact_id()::text, true);
end
$$;

-- An end that another node told falsely is replaced by the true one.
create function session_counts() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and old.ended_at is not null then
        perform count_session(old, -1);
    end if;
    perform count_session(new, 1);
    return null;
end
$$;

create function session_is_removed() returns trigger language plpgsql as $$
begin
    insert into usage_news (user_id, key_id, day, stored_bytes)
    values (old.user_id, coalesce(old.key_id, 0), (old.created_at at time zone 'UTC')::date, -old.stored_bytes);
    perform set_config('berth.counts', pg_current_xact_id()::text, true);
    return null;
end
$$;

create function task_counts() returns trigger language plpgsql as $$
begin
    insert into usage_news (user_id, key_id, day, ai_usd)
    values (new.user_id, coalesce(new.key_id, 0), (new.started_at at time zone 'UTC')::date, new.cost_usd);
    perform set_config('berth.counts', pg_current_xact_id()::text, true);
    return null;
end
$$;

-- What a task cost that is removed before it is over.
create function task_is_removed() returns trigger language plpgsql as $$
begin
    insert into usage_news (user_id, key_id, day, ai_usd)
    values (old.user_id, coalesce(old.key_id, 0), (old.started_at at time zone 'UTC')::date, old.cost_usd);
    perform set_config('berth.counts', pg_current_xact_id()::text, true);
    return null;
end
$$;

-- Rows that are over when these begin.
insert into key_usage (user_id, key_id, day, sessions, failed, browser_millis, cost_usd, input_tokens, output_tokens)
select user_id, 0, (created_at at time zone 'UTC')::date, count(*), count(*) filter (where status = 'failed'),
    coalesce(sum(greatest(0, extract(epoch from ended_at - started_at) * 1000)), 0)::bigint, sum(greatest(0, cost_usd)),
    sum(input_tokens)::bigint, sum(output_tokens)::bigint
from sessions where ended_at is not null group by 1, 3;

insert into key_usage as u (user_id, key_id, day, ai_usd)
select user_id, 0, (started_at at time zone 'UTC')::date, sum(cost_usd) from tasks where completed_at is not null group by 1, 3
on conflict (user_id, key_id, day) do update set ai_usd = excluded.ai_usd;

create trigger session_counts after update on sessions
    for each row when (new.ended_at is not null and
        (old.ended_at, old.status, old.bytes_in, old.bytes_out, old.blocked, old.stored_bytes) is distinct from
        (new.ended_at, new.status, new.bytes_in, new.bytes_out, new.blocked, new.stored_bytes))
    execute function session_counts();
create trigger session_counts_at_once after insert on sessions
    for each row when (new.ended_at is not null) execute function session_counts();
create trigger session_is_removed after delete on sessions
    for each row when (old.ended_at is not null and old.stored_bytes <> 0) execute function session_is_removed();

create trigger task_counts after update on tasks
    for each row when (old.completed_at is null and new.completed_at is not null) execute function task_counts();
create trigger task_counts_at_once after insert on tasks
    for each row when (new.completed_at is not null) execute function task_counts();

create trigger task_is_removed after delete on tasks
    for each row when (old.completed_at is null and old.cost_usd > 0) execute function task_is_removed();

-- key_usage, with the sessions and tasks that are not over yet; ai_bound_usd has what running tasks may still cost, too.
create view all_usage as
select user_id, key_id, day, name, sessions, failed, browser_millis, bytes_in, bytes_out, blocked, cost_usd, ai_usd, ai_usd as ai_bound_usd,
    0 as open_tasks, input_tokens, output_tokens, stored_bytes
from key_usage
union all
select user_id, coalesce(key_id, 0), (created_at at time zone 'UTC')::date, null, 1, 0,
    greatest(0, coalesce(extract(epoch from now() - started_at) * 1000, 0))::bigint, bytes_in, bytes_out, blocked, cost_usd, 0, 0,
    0, input_tokens, output_tokens, stored_bytes
from sessions where ended_at is null
union all
select user_id, coalesce(key_id, 0), (started_at at time zone 'UTC')::date, null, 0, 0, 0, 0, 0, 0, 0, cost_usd,
    greatest(cost_usd, max_cost_usd), 1, 0, 0, 0
from tasks where completed_at is null;

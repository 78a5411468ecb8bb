-- key_usage becomes a ledger: what ends or is removed adds a row, waits for nobody, and changes none. A day of a key has as many rows as
-- were added since a node last added them up. Whoever reads key_usage sums, as all_usage always had to.

drop table usage_news;
drop function add_usage();

alter table key_usage drop constraint key_usage_pkey;
create index key_usage_by_key on key_usage (user_id, key_id, day);

-- Whether the row is what others were added up to, as those are that are there now.
alter table key_usage add column is_sum boolean not null default true;
alter table key_usage alter column is_sum set default false;
create index key_usage_to_add_up on key_usage (user_id, key_id, day) where not is_sum;

-- Counts an ended session: times 1, or times -1 to take back what it counted before.
create or replace function count_session(s sessions, times int) returns void language plpgsql as $$
begin
    insert into key_usage (user_id, key_id, day, name, sessions, failed, browser_millis, bytes_in, bytes_out, blocked, cost_usd,
        input_tokens, output_tokens, stored_bytes)
    values (s.user_id, coalesce(s.key_id, 0), (s.created_at at time zone 'UTC')::date,
        (select name from api_keys where key_id = s.key_id), times, times * (s.status = 'failed')::int,
        times * greatest(0, coalesce(extract(epoch from s.ended_at - s.started_at) * 1000, 0))::bigint,
        times * s.bytes_in, times * s.bytes_out, times * s.blocked, times * greatest(0, s.cost_usd), times * s.input_tokens,
        times * s.output_tokens, times * s.stored_bytes);
end
$$;

-- A user may be removed with its sessions.
create or replace function session_is_removed() returns trigger language plpgsql as $$
begin
    insert into key_usage (user_id, key_id, day, stored_bytes)
    select user_id, coalesce(old.key_id, 0), (old.created_at at time zone 'UTC')::date, -old.stored_bytes
    from users where user_id = old.user_id;
    return null;
end
$$;

-- What a task cost that has ended, or is removed before it is over.
create function count_task(t tasks) returns void language plpgsql as $$
begin
    insert into key_usage (user_id, key_id, day, name, ai_usd)
    select user_id, coalesce(t.key_id, 0), (t.started_at at time zone 'UTC')::date,
        (select name from api_keys where key_id = t.key_id), t.cost_usd
    from users where user_id = t.user_id;
end
$$;

create or replace function task_counts() returns trigger language plpgsql as $$
begin
    perform count_task(new);
    return null;
end
$$;

create or replace function task_is_removed() returns trigger language plpgsql as $$
begin
    perform count_task(old);
    return null;
end
$$;

-- This upgrade is not rolling: nodes of an earlier build would start the sessions that wait without their allowedDomains, blockedDomains and
-- proxy, which they do not know.
do $$
begin
    if exists (select from nodes where lost_at is null and released_at is null
            and renewed_at > clock_timestamp() - interval '15 seconds') then
        raise exception 'nodes of an earlier Berth still run on this database; stop all of them, wait 15 s, then start this version';
    end if;
end
$$;

-- A key may end by itself, and may use only so much: JSON with those limits that it has. When it was used is written behind.
alter table api_keys
    add column expires_at timestamptz,
    add column last_used_at timestamptz,
    add column limits jsonb not null default '{}';

create index api_keys_by_user on api_keys (user_id);
create index api_keys_by_expiry on api_keys (expires_at) where expires_at is not null;

-- Nodes remember what a key may do: they ask again when they hear that it was changed.
create function tell_key_changed() returns trigger language plpgsql as $$
begin
    perform pg_notify('berth_key_changed', old.key_id::text);
    return null;
end
$$;

create trigger key_changed after update of admin, expires_at, limits on api_keys
    for each row execute function tell_key_changed();

-- What admins did, in the words of that time: keys, users and sessions that are gone since stay readable here.
create table admin_log (
    entry_id bigint generated always as identity primary key,
    happened_at timestamptz not null default now(),
    key_id bigint,
    user_name text not null,
    act text not null,
    subject text not null,
    details jsonb not null,
    address text not null
);

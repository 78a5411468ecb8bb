-- Links carry tokens that end with the key they were given to: they name it by a number, which tells nothing of it.
alter table api_keys add column key_id bigint generated always as identity unique;

create or replace function tell_key_revoked() returns trigger language plpgsql as $$
begin
    perform pg_notify('berth_key_gone', old.key_id::text);
    return null;
end
$$;

-- Whether Postgres can commit is found out by committing.
create table node_checks (
    machine_id text primary key,
    checked_at timestamptz not null
);

-- A key has a name for people, and may be an admin's. Until now, all keys of the first user were.
alter table api_keys
    add column name text not null default '',
    add column admin boolean not null default false;

-- Only what takes a key away is told: nodes end the sockets of a key that they hear of.
create or replace trigger key_revoked after delete or update of key_hash, user_id on api_keys
    for each row execute function tell_key_revoked();

update api_keys set admin = true from users where users.user_id = api_keys.user_id and users.name = 'default';

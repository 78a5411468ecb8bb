-- A key has a name for people, and may be an admin's. Until now, all keys of the first user were.
alter table api_keys
    add column name text not null default '',
    add column admin boolean not null default false;

update api_keys set admin = true from users where users.user_id = api_keys.user_id and users.name = 'default';

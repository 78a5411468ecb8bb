-- A key may be a viewer's, which reads and does nothing else. Nodes of the version before take it for a key that may act: make the first
-- one when all nodes run this version.
alter table api_keys
    add column viewer boolean not null default false,
    add constraint key_has_one_role check (not (admin and viewer));

create or replace trigger key_changed after update of name, admin, viewer, expires_at, limits on api_keys
    for each row execute function tell_key_changed();

-- Links to a session's live view that its user gives to others. The token in a link is signed and not kept: the row says that
-- the link was not revoked. Open viewers of a link that is gone are closed, on whichever node they are.
create table share_links (
    link_id bigint primary key,
    session_id text not null references sessions on delete cascade,
    key_id bigint not null references api_keys (key_id) on delete cascade,
    interactive boolean not null,
    created_at timestamptz not null,
    expires_at timestamptz not null
);

create index share_links_by_session on share_links (session_id, created_at);
create index share_links_by_key on share_links (key_id);

create function tell_link_gone() returns trigger language plpgsql as $$
begin
    perform pg_notify('berth_link_gone', old.link_id::text);
    return null;
end
$$;

create trigger link_gone after delete on share_links
    for each row execute function tell_link_gone();

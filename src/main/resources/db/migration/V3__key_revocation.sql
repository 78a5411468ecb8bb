-- Nodes remember for a while whose key a key is: one that is taken away, by whomever, must be unknown to all of them at once.
create function tell_key_revoked() returns trigger language plpgsql as $$
begin
    perform pg_notify('berth_key_revoked', encode(old.key_hash, 'hex'));
    return null;
end
$$;

create trigger key_revoked after delete or update on api_keys
    for each row execute function tell_key_revoked();

-- Nodes of an earlier build still write to this table when they merge parts of logs: this upgrade is not rolling either.
do $$
begin
    if exists (select from nodes where lost_at is null and released_at is null
            and renewed_at > clock_timestamp() - interval '15 seconds') then
        raise exception 'nodes of an earlier Berth still run on this database; stop all of them, wait 15 s, then start this version';
    end if;
end
$$;

-- Parts of logs are not merged any more, so no object is replaced.
drop table replaced_objects;

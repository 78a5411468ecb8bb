-- This upgrade is not rolling: nodes of an earlier build judge each other by leases, which this one does not renew.
do $$
begin
    if exists (select from nodes where lost_at is null and released_at is null
            and renewed_at > clock_timestamp() - interval '15 seconds') then
        raise exception 'nodes of an earlier Berth still run on this database; stop all of them, wait 15 s, then start this version';
    end if;
end
$$;

-- None of them runs any more. Whoever starts next ends what they left open.
update nodes set epoch = nextval('node_epochs'), lost_at = clock_timestamp() where lost_at is null and released_at is null;

-- Where the node's cluster transport listens, on its host; null in rows of earlier builds.
alter table nodes add column cluster_port int;

-- A session that waits for a place is a row without an owner. It waits as long as it has a queue_number, which tells who waited longer;
-- machine_id is the node that was asked, until a node claims the row.
create sequence queue_numbers;
alter table sessions
    add column queue_number bigint,
    -- Who may claim it: 'cluster' for any node of the cluster, or the one node with this machine_id.
    add column queue text,
    -- When it is refused, by Postgres's clock.
    add column queue_deadline timestamptz,
    -- What its start needs beside the row's other columns, secrets too; deleted when it is claimed or ends.
    add column start_needs json,
    -- Whether it ends with the node that was asked, whose memory or socket it is for.
    add column ends_with_node boolean not null default false;

create index sessions_waiting on sessions (queue_number) where queue_number is not null;

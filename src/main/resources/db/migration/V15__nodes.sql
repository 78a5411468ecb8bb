-- Expand only, from here on: while a cluster is restarted node by node, nodes of the version before still use this database. So a
-- migration only adds what they may ignore: tables, indexes, columns that are nullable or have a default. What no version uses any
-- more is taken away one version later, by a migration that says "-- contracts V<number>" in its first line.

-- The nodes of a cluster. A node owns its sessions for as long as its row has its epoch and is neither lost nor released. It renews
-- its lease; a node that no longer does is declared lost by another, which ends its sessions in the same transaction.
create sequence node_epochs;

create table nodes (
    machine_id text primary key,
    -- One for each time that a process registered; all that a process writes here names its own.
    epoch bigint not null,
    -- Which data directory of which machine it runs on: a copy of the directory has the same machine_id.
    place text not null,
    host text not null,
    request_port int not null,
    version text not null,
    -- What it tells of itself; absent until it can take sessions.
    status json,
    renewals bigint not null default 0,
    registered_at timestamptz not null,
    renewed_at timestamptz not null,
    lease_until timestamptz not null,
    lost_at timestamptz,
    released_at timestamptz
-- Renewed every other second: the new row finds room beside the old one.
) with (fillfactor = 30);

-- Objects that nothing refers to any longer. They are deleted a little later: who has just been told of them may still read them.
-- By the node that made them, as they may still be on their way from there.
create table replaced_objects (
    object_key text primary key,
    machine_id text not null,
    replaced_at timestamptz not null default now()
);

create index replaced_objects_by_machine on replaced_objects (machine_id, replaced_at);

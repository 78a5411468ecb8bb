-- AI tasks. Their sessions may come after them or never, so there is no foreign key to sessions.
create table tasks (
    task_id text primary key,
    user_id bigint not null references users on delete cascade,
    session_id text not null,
    machine_id text not null,
    instruction text not null,
    status text not null,
    output text,
    question text,
    error text,
    steps integer not null default 0,
    cost_usd double precision not null default 0,
    input_tokens bigint not null default 0,
    output_tokens bigint not null default 0,
    started_at timestamptz not null,
    completed_at timestamptz,
    last_event bigint not null,
    idempotency_key text,
    request_hash text,
    unique (user_id, idempotency_key)
);

create index tasks_by_user on tasks (user_id, started_at desc, task_id);
create index tasks_by_status on tasks (user_id, status, started_at desc, task_id);
create index tasks_open on tasks (machine_id) where completed_at is null;

-- What a task tells: its steps and the changes of its status, numbered together. Written with the task's row, whose lock puts them
-- in the order of their commits. json, not jsonb: pages and models may give texts with a NUL in them.
create table task_steps (
    task_id text not null references tasks on delete cascade,
    event bigint not null,
    step integer,
    told json not null,
    primary key (task_id, event)
);

-- The steps of a user's tasks that succeeded, by a hash of what was asked for.
create table reusable_steps (
    user_id bigint not null references users on delete cascade,
    task_hash bytea not null,
    steps json not null,
    saved_at timestamptz not null,
    primary key (user_id, task_hash)
);

create index reusable_steps_by_age on reusable_steps (user_id, saved_at desc);

-- What models cost for a session's actions; cost_usd has it, too.
alter table sessions add column input_tokens bigint not null default 0;
alter table sessions add column output_tokens bigint not null default 0;

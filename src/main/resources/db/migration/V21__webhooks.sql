-- URLs of users' servers that are told of events. A webhook ends with the key that made it: who has lost the key hears no more. The
-- secret signs what is sent, so it is kept as it is.
create table webhooks (
    webhook_id text primary key,
    user_id bigint not null references users on delete cascade,
    key_id bigint not null references api_keys (key_id) on delete cascade,
    url text not null,
    events text[] not null,
    secret text not null,
    created_at timestamptz not null
);

create index webhooks_by_user on webhooks (user_id, created_at);
create index webhooks_by_key on webhooks (key_id);

-- One row for each event and webhook, written with the event itself, so that none is lost and none comes twice. What is sent is put
-- together when it is sent. A row that is pending has the time of its next attempt; while a node makes that, the time after which
-- another one may. The number of claims only grows: an attempt that is not the newest claim's is not recorded.
create table webhook_deliveries (
    delivery_id text primary key,
    webhook_id text not null references webhooks on delete cascade,
    event text not null,
    session_id text,
    task_id text,
    created_at timestamptz not null default now(),
    state text not null default 'pending',
    claims bigint not null default 0,
    attempts integer not null default 0,
    next_attempt_at timestamptz default now(),
    last_status integer,
    last_error text,
    duration_millis bigint
);

create index webhook_deliveries_due on webhook_deliveries (webhook_id, next_attempt_at) where next_attempt_at is not null;
create index webhook_deliveries_by_webhook on webhook_deliveries (webhook_id, created_at desc, delivery_id);
create index webhook_deliveries_by_age on webhook_deliveries (created_at);

-- The locked rows are those that exist: a webhook that is deleted meanwhile must not fail what its user's session does.
create function deliver_event(of_user bigint, told text, about_session text, about_task text) returns void language sql as $$
    insert into webhook_deliveries (delivery_id, webhook_id, event, session_id, task_id)
    select 'delivery-' || gen_random_uuid(), hooks.webhook_id, told, about_session, about_task from (
        select webhook_id from webhooks where user_id = of_user and told = any(events) for key share) hooks
$$;

create function deliver_session_event() returns trigger language plpgsql as $$
begin
    perform deliver_event(new.user_id, (array['session.created', 'session.started', 'session.ended'])[new.step + 1],
        new.session_id, null);
    return null;
end
$$;

create trigger lifecycle_told after insert on lifecycle
    for each row when (new.step in (0, 1, 2)) execute function deliver_session_event();

create function deliver_task_event() returns trigger language plpgsql as $$
begin
    perform deliver_event(new.user_id, case when new.completed_at is null then 'task.waiting' else 'task.completed' end,
        new.session_id, new.task_id);
    return null;
end
$$;

create trigger task_told after update on tasks
    for each row when (old.completed_at is null and new.completed_at is not null
        or old.status <> 'waiting' and new.status = 'waiting') execute function deliver_task_event();

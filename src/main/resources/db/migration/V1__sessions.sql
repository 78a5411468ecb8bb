create table users (
    user_id bigint generated always as identity primary key,
    name text not null unique,
    created_at timestamptz not null default now()
);

-- Only the SHA-256 of a key is kept, never the key.
create table api_keys (
    key_hash bytea primary key,
    user_id bigint not null references users,
    created_at timestamptz not null default now()
);

-- Secrets that all nodes share, such as the one that signs socket tokens.
create table secrets (
    name text primary key,
    value bytea not null
);

create table sessions (
    session_id text primary key,
    user_id bigint not null references users,
    machine_id text not null,
    status text not null,
    end_reason text,
    end_detail text,
    current_url text not null default '',
    title text not null default '',
    options json not null,
    metadata jsonb not null,
    created_at timestamptz not null,
    started_at timestamptz,
    ended_at timestamptz,
    expires_at timestamptz not null,
    action_count bigint not null default 0,
    screenshot_count bigint not null default 0,
    navigation_count bigint not null default 0,
    cost_usd double precision not null default 0,
    idempotency_key text,
    request_hash text,
    unique (user_id, idempotency_key)
);

create index sessions_by_user on sessions (user_id, created_at desc, session_id);
create index sessions_live on sessions (user_id, created_at desc, session_id) where ended_at is null;
create index sessions_live_by_machine on sessions (machine_id) where ended_at is null;
create index sessions_by_metadata on sessions using gin (metadata jsonb_path_ops);

create table navigations (
    session_id text not null references sessions on delete cascade,
    seq bigint not null,
    url text not null,
    title text not null,
    happened_at timestamptz not null,
    primary key (session_id, seq)
);

-- json, not jsonb: a page may hand back strings with a NUL in them, which jsonb refuses.
create table actions (
    session_id text not null references sessions on delete cascade,
    seq bigint not null,
    action_id text not null,
    type text not null,
    happened_at timestamptz not null,
    success boolean not null,
    details json not null,
    duration_millis bigint not null,
    source text not null,
    error text,
    cost_usd double precision not null,
    input_tokens bigint not null,
    output_tokens bigint not null,
    primary key (session_id, seq)
);

create table artifacts (
    object_id text primary key,
    session_id text not null references sessions on delete cascade,
    type text not null,
    object_key text not null unique,
    content_type text not null,
    size_bytes bigint not null,
    happened_at timestamptz not null,
    state text not null
);

create index artifacts_by_session on artifacts (session_id, happened_at, object_id);

create table log_chunks (
    session_id text not null references sessions on delete cascade,
    kind text not null,
    first_offset bigint not null,
    entry_count int not null,
    object_key text not null,
    primary key (session_id, kind, first_offset)
);

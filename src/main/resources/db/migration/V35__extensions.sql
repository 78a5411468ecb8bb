-- The browser extensions that users' sessions may have. Their bytes are in the object store.
create table extensions (
    user_id bigint not null references users on delete cascade,
    name text not null,
    -- Chrome's own, of the manifest's key.
    extension_id text not null,
    title text not null,
    version text not null,
    object_key text not null unique,
    -- Of the object, in bytes.
    size bigint not null,
    updated_at timestamptz not null default clock_timestamp(),
    primary key (user_id, name)
);

create trigger extensions_gone after delete on extensions
    referencing old table as gone for each statement execute function keep_garbage();
create trigger extensions_replaced after update on extensions
    referencing old table as gone for each statement execute function keep_garbage();

-- What users' sessions begin with, and save at their end. Their bytes are in the object store, encrypted.
create table profiles (
    profile_id bigint generated always as identity primary key,
    user_id bigint not null references users on delete cascade,
    name text not null,
    -- The session that may save it. It holds the profile as long as its row is there and has not ended: no reference, as rows go.
    writer text,
    created_at timestamptz not null default clock_timestamp(),
    -- When a session last began with it, or saved it.
    used_at timestamptz not null default clock_timestamp(),
    last_version int not null default 0,
    unique (user_id, name)
);

create index profiles_by_use on profiles (used_at);

-- The last few of each.
create table profile_versions (
    profile_id bigint not null references profiles on delete cascade,
    version int not null,
    object_key text not null unique,
    -- Of the object, in bytes.
    size bigint not null,
    -- Whether it has folders of Chrome's, and not only cookies.
    folders boolean not null,
    -- Which key it is encrypted with: a part of its hash.
    key_id text not null,
    -- The session that saved it.
    session_id text not null,
    created_at timestamptz not null default clock_timestamp(),
    primary key (profile_id, version)
);

create trigger profile_versions_gone after delete on profile_versions
    referencing old table as gone for each statement execute function keep_garbage();

-- What became of a session's profile.
alter table sessions add column profile json;

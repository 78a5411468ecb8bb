-- A link may be to the whole session: its holder reads what is kept of it, and watches it. An older node takes it for a link to
-- watch, which is less.
alter table share_links add column whole boolean not null default false;

-- A report has the tasks of a session.
create index tasks_by_session on tasks (session_id, started_at desc);

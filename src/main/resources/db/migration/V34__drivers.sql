-- The sources of a session's actions, in the order of their first actions. Rows of nodes of the version before have none.
alter table sessions add column drivers text[] not null default '{}';

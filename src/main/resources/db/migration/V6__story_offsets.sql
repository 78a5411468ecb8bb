-- An artifact has an entry in its session's story when it is listed, and one more if its bytes are stored later.
-- Nullable, because a node of the previous version may still insert rows.
alter table artifacts add column listed_offset bigint;
alter table artifacts add column stored_offset bigint;

update artifacts a set listed_offset = told.before
from (
    select object_id, row_number() over (partition by session_id order by happened_at, object_id) - 1 as before
    from artifacts) told
where told.object_id = a.object_id;

create index artifacts_by_listed_offset on artifacts (session_id, listed_offset);
create index artifacts_by_stored_offset on artifacts (session_id, stored_offset) where stored_offset is not null;

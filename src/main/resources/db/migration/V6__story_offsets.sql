-- An artifact stands in the story of its session when it is listed, and once more when its bytes are stored where they were not yet.
-- Not "not null": a node that does not know of it yet may write one more.
alter table artifacts add column listed_offset bigint;
alter table artifacts add column stored_offset bigint;

update artifacts a set listed_offset = told.before
from (
    select object_id, row_number() over (partition by session_id order by happened_at, object_id) - 1 as before
    from artifacts) told
where told.object_id = a.object_id;

create index artifacts_by_listed_offset on artifacts (session_id, listed_offset);
create index artifacts_by_stored_offset on artifacts (session_id, stored_offset) where stored_offset is not null;

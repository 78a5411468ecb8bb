-- The page of the browser on which it happened; null where it is of no page, or the page is not known.
-- The page of an action is in its details.
alter table artifacts add column page_id text;
alter table navigations add column page_id text;

-- The document of a navigation, as its requests name it, and when it had its DOMContentLoaded and load events; null where that is
-- not known.
alter table navigations add column document_id text;
alter table navigations add column content_loaded_at timestamptz;
alter table navigations add column loaded_at timestamptz;

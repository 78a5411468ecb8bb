-- The place of the request that created a session in its client's trace (W3C Trace Context); null where it gave none.
alter table sessions add column traceparent text;

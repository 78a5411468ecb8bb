-- A node's counter tells that it lives, not a lease.
alter table nodes drop column lease_until;

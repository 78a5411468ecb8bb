-- contracts V15: a node's counter tells that it lives.
alter table nodes drop column lease_until;

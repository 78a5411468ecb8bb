-- What a page called the file that it gave, or a client the file that it uploaded.
alter table artifacts add column file_name text;

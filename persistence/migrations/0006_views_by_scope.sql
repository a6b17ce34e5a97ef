-- A saved view belongs to those who see the same accounts and groups as whoever saved it: its search names them. Empty: those
-- who see all.
ALTER TABLE console_views ADD COLUMN scope text NOT NULL DEFAULT '';
ALTER TABLE console_views DROP CONSTRAINT console_views_place_name_key;
ALTER TABLE console_views ADD CONSTRAINT console_views_of_scope UNIQUE (scope, place, name);

-- What a site was last made to be, in the shape of a manifest and without any secret: `site diff DOMAIN` compares the world
-- with it. Absent for sites from before.
ALTER TABLE hostctl.sites ADD COLUMN manifest jsonb;

-- Which site a database belongs to is asked once for every site of a manifest.
CREATE INDEX sites_database ON hostctl.sites (database);
